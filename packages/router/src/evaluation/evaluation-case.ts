import { isPositiveInteger, isText } from '@costkit/core';
import { EvaluationError } from './evaluation-error.js';

/** One request with what is right about its answer. */
export interface EvaluationCase {
  /** Unique among the cases. */
  readonly id: string;
  /** The value of the `task` tag that these requests carry in the application. */
  readonly task: string;
  /** A Converse input without `modelId`. */
  readonly request: object;
  /** The right answer, in the form that the grader reads: a text, a list of accepted texts, a number. */
  readonly expected?: unknown;
  /** What makes an answer good, for a judge. */
  readonly rubric?: string;
  /** JSON schema that an answer must follow, for `jsonSchemaGrader`. */
  readonly schema?: object;
}

const FIELDS: ReadonlySet<string> = new Set(['id', 'task', 'request', 'expected', 'rubric', 'schema']);

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A wrong form would be refused on every call of every tier, each counted as a wrong answer. */
function messageProblem(messages: readonly unknown[]): string | undefined {
  const index = messages.findIndex(
    (message) =>
      !isPlainObject(message) || !Array.isArray(message['content']) || message['role'] === undefined,
  );
  return index === -1
    ? undefined
    : `"request.messages[${index}]" must be as Converse takes it: {"role": "user", "content": [{"text": "…"}]}`;
}

function capProblem(inference: unknown): string | undefined {
  const { maxTokens } = isPlainObject(inference) ? inference : {};
  return maxTokens === undefined || isPositiveInteger(maxTokens) === undefined
    ? undefined
    : `"request.inferenceConfig.maxTokens" ${isPositiveInteger(maxTokens)}`;
}

function problemOf(value: unknown): string | undefined {
  if (!isPlainObject(value)) return 'it is no object';
  const unknown = Object.keys(value).find((field) => !FIELDS.has(field));
  if (unknown !== undefined) return `"${unknown}" is unknown; known are ${[...FIELDS].join(', ')}`;
  const { id, task, request, rubric, schema } = value;
  for (const [field, text] of Object.entries({ id, task })) {
    if (isText(text) !== undefined) return `"${field}" ${isText(text)}`;
  }
  if (!isPlainObject(request)) return '"request" must be a Converse input';
  if ('modelId' in request) return '"request.modelId" must be left out: the tiers say which models are asked';
  if (!Array.isArray(request['messages']) || request['messages'].length === 0)
    return '"request.messages" must be a list of messages';
  const problem = messageProblem(request['messages']) ?? capProblem(request['inferenceConfig']);
  if (problem !== undefined) return problem;
  if (rubric !== undefined && isText(rubric) !== undefined) return `"rubric" ${isText(rubric)}`;
  if (schema !== undefined && !isPlainObject(schema)) return '"schema" must be a JSON schema';
  return undefined;
}

/**
 * Checks one case.
 *
 * @param where - where it stands, for the message: `line 3 of "cases.jsonl"`.
 * @throws {@link EvaluationError} `COSTKIT_EVALUATION_INVALID_CASE`.
 */
export function checkCase(value: unknown, where: string): EvaluationCase {
  const problem = problemOf(value);
  if (problem === undefined) return value as EvaluationCase;
  throw new EvaluationError('COSTKIT_EVALUATION_INVALID_CASE', `${where} is no case: ${problem}`);
}

/**
 * Takes all cases, checked, in their order.
 *
 * @throws {@link EvaluationError} for a case that is wrong, an id that is there twice, and for no cases at all.
 */
export async function collectCases(
  cases: Iterable<unknown> | AsyncIterable<unknown>,
): Promise<readonly EvaluationCase[]> {
  const collected = new Map<string, EvaluationCase>();
  for await (const value of cases) {
    const checked = checkCase(value, `case ${collected.size + 1}`);
    if (collected.has(checked.id)) {
      throw new EvaluationError(
        'COSTKIT_EVALUATION_INVALID_CASE',
        `the id "${checked.id}" is there twice. Give each case its own`,
      );
    }
    collected.set(checked.id, checked);
  }
  if (collected.size === 0) {
    throw new EvaluationError('COSTKIT_EVALUATION_NO_CASES', 'there are no cases. Give at least one');
  }
  return [...collected.values()];
}
