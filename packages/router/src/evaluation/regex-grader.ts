import { createContext, Script } from 'node:vm';
import { InvalidOptionError } from '@costkit/core';
import type { EvaluationCase } from './evaluation-case.js';
import { EvaluationError } from './evaluation-error.js';
import { accepted, lacksTexts, normalised } from './expected-texts.js';
import { type Grader, makeGrader } from './grader.js';

/** What {@link regexGrader} takes. */
export interface RegexGraderOptions {
  /** What the answer must match. @defaultValue `expected` of each case, as a pattern without flags */
  readonly pattern?: RegExp;
  /**
   * Compares what the first group of `pattern` has caught last in the answer with `expected` instead: for answers that end in
   * `Answer: 42`. @defaultValue `false`
   */
  readonly capture?: boolean;
}

/** A pattern that repeats a repetition may take years. */
const MATCH_MS = 500;

function patternOf(expected: unknown): RegExp | undefined {
  try {
    return typeof expected === 'string' && expected !== '' ? new RegExp(expected) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a pattern has a group that catches: with an empty alternative it matches everything. */
const hasGroup = ({ source, flags }: RegExp): boolean =>
  (new RegExp(`${source}|`, flags.replaceAll(/[gy]/g, '')).exec('')?.length ?? 0) > 1;

// Without "g" and "y": with them a pattern would go on where the last answer has ended.
const LAST_CAPTURE = new Script('[...text.matchAll(new RegExp(source, flags + "g"))].at(-1)?.[1]');
const MATCHES = new Script('new RegExp(source, flags).test(text)');

/** Runs a pattern over an answer, and gives up in time: nothing else could end it. */
function match<Result>(
  script: Script,
  { source, flags }: RegExp,
  text: string,
  { id }: EvaluationCase,
): Result {
  const context = createContext({ source, flags: flags.replaceAll(/[gy]/g, ''), text });
  try {
    return script.runInContext(context, { timeout: MATCH_MS }) as Result;
  } catch (cause) {
    throw new EvaluationError(
      'COSTKIT_EVALUATION_GRADER_FAILED',
      `the pattern ${String(new RegExp(source, flags))} takes more than ${MATCH_MS} ms on an answer to case "${id}". Write it without repetitions inside repetitions, as in (a+)+`,
      { cause },
    );
  }
}

/**
 * Right where the answer matches a pattern.
 *
 * @throws `InvalidOptionError` for `capture` without a pattern that has a group.
 *
 * @example
 * ```ts
 * const grade = regexGrader({ pattern: /"answer": "([^"]*)"/, capture: true });
 * ```
 */
export function regexGrader({ pattern, capture = false }: RegexGraderOptions = {}): Grader {
  if (capture && (pattern === undefined || !hasGroup(pattern))) {
    throw new InvalidOptionError('router', 'pattern', 'must be given, with a group, to capture');
  }
  const id = `regex:${pattern === undefined ? 'expected' : String(pattern)}${capture ? ':capture' : ''}`;
  if (pattern === undefined) {
    return makeGrader(
      {
        id,
        lacks: ({ expected }) =>
          patternOf(expected) === undefined ? '"expected" must be a regular expression' : undefined,
      },
      ({ text }, one) => {
        const own = patternOf(one.expected);
        return own !== undefined && match<boolean>(MATCHES, own, text, one);
      },
    );
  }
  if (!capture) return makeGrader({ id }, ({ text }, one) => match<boolean>(MATCHES, pattern, text, one));
  return makeGrader({ id, lacks: lacksTexts }, ({ text }, one) => {
    const caught = match<string | undefined>(LAST_CAPTURE, pattern, text, one);
    return (
      caught !== undefined && accepted(one).some((right) => normalised(caught) === normalised(String(right)))
    );
  });
}
