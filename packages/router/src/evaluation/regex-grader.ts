import { InvalidOptionError } from '@costkit/core';
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

function patternOf(expected: unknown): RegExp | undefined {
  try {
    return typeof expected === 'string' && expected !== '' ? new RegExp(expected) : undefined;
  } catch {
    return undefined;
  }
}

const lastCapture = (text: string, pattern: RegExp): string | undefined => {
  const flags = pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`;
  return [...text.matchAll(new RegExp(pattern.source, flags))].at(-1)?.[1];
};

/**
 * Right where the answer matches a pattern.
 *
 * @throws `InvalidOptionError` for `capture` without a pattern.
 *
 * @example
 * ```ts
 * const grade = regexGrader({ pattern: /"answer": "([^"]*)"/, capture: true });
 * ```
 */
export function regexGrader({ pattern, capture = false }: RegexGraderOptions = {}): Grader {
  if (capture && pattern === undefined) {
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
      ({ text }, { expected }) => patternOf(expected)?.test(text) ?? false,
    );
  }
  if (!capture) {
    // A copy: one with the flag `g` would go on where the last answer has ended.
    const stateless = new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, ''));
    return makeGrader({ id }, ({ text }) => stateless.test(text));
  }
  return makeGrader({ id, lacks: lacksTexts }, ({ text }, one) => {
    const caught = lastCapture(text, pattern);
    return (
      caught !== undefined && accepted(one).some((right) => normalised(caught) === normalised(String(right)))
    );
  });
}
