import type { TrainingExample } from './training-example.js';

/** The version of the format of distillation data [user guide, data preparation for distillation]. */
const SCHEMA_VERSION = 'bedrock-conversation-2024';

const block = (text: string): { readonly text: string }[] => [{ text }];

/** The example's `system` and `messages`, as Converse takes them. */
export const requestOf = ({
  system,
  turns,
}: TrainingExample): {
  readonly system?: { readonly text: string }[];
  readonly messages: {
    readonly role: 'user' | 'assistant';
    readonly content: { readonly text: string }[];
  }[];
} => ({
  ...(system === '' ? {} : { system: block(system) }),
  messages: turns.map(({ role, text }) => ({ role, content: block(text) })),
});

/**
 * The lines of a training file, each with its line break.
 *
 * @param options - `answers`: whether known answers of the teacher are written too. @defaultValue true
 *
 * @example
 * ```ts
 * await writeFile('train.jsonl', trainingLines(data.train));
 * ```
 */
export function* trainingLines(
  examples: Iterable<TrainingExample>,
  options: { readonly answers?: boolean } = {},
): Generator<string> {
  const { answers = true } = options;
  for (const example of examples) {
    const { messages, ...rest } = requestOf(example);
    const answered =
      answers && example.answer !== undefined
        ? [...messages, { role: 'assistant', content: block(example.answer) }]
        : messages;
    yield `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...rest, messages: answered })}\n`;
  }
}

/**
 * An example as a line, with its task and its line break: `examplesFromLines` reads it back. For files that collect what
 * `recordExamples` hands out.
 *
 * @example
 * ```ts
 * recordExamples({ teacher, onExample: (example) => appendFileSync('examples.jsonl', exampleLine(example), { mode: 0o600 }) });
 * ```
 */
export const exampleLine = (example: TrainingExample): string =>
  `${JSON.stringify({
    task: example.task,
    ...requestOf(example),
    ...(example.answer === undefined ? {} : { answer: example.answer }),
  })}\n`;

/** A case of `evaluateTiers` of `@costkit/router`, whose expected answer is the teacher's. */
export interface HoldOutCase {
  readonly id: string;
  readonly task: string;
  readonly request: object;
  readonly expected?: string;
}

/**
 * The examples that were kept from training, as cases for `evaluateTiers`: the student and the teacher are tiers, and
 * `policyFrom` writes the policy for the tasks on which the student holds. Where the teacher's answer is known, it is
 * the expected one; a grader such as F1 or a judge compares with it.
 *
 * @example
 * ```ts
 * const report = await evaluateTiers({ cases: holdOutCases(data.holdOut), tiers, grader: f1Grader(), client });
 * ```
 */
export const holdOutCases = (examples: readonly TrainingExample[]): HoldOutCase[] =>
  examples.map((example, index) => ({
    id: `holdout-${index + 1}`,
    task: example.task,
    request: requestOf(example),
    ...(example.answer === undefined ? {} : { expected: example.answer }),
  }));
