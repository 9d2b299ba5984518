import { DistillationError } from './distillation-error.js';
import { linesOf } from './lines-of.js';
import { exampleOf, isUnsuitable, type TrainingExample } from './training-example.js';

/** A line as {@link examplesFromLines} takes it. */
interface ExampleLine {
  readonly task?: string;
  readonly system?: unknown;
  readonly messages?: readonly { readonly role?: string; readonly content?: unknown }[];
  readonly answer?: string;
  /** Of the cases of an evaluation. */
  readonly request?: { readonly system?: unknown; readonly messages?: ExampleLine['messages'] };
  readonly expected?: string;
}

/** The text of a last turn of the assistant, which is the answer. */
function lastAnswer(messages: ExampleLine['messages']): string | undefined {
  const last = messages?.at(-1);
  if (last?.role !== 'assistant' || !Array.isArray(last.content)) return undefined;
  return (last.content as readonly { readonly text?: unknown }[])
    .map(({ text }) => (typeof text === 'string' ? text : ''))
    .join('');
}

/**
 * Examples from a file of JSON lines: `{"messages": […]}` with `system`, `task` and `answer` where they are known, as
 * `trainingLines` writes them (then a last turn of the assistant is the answer), or cases of an evaluation
 * (`{"task", "request", "expected"}`).
 *
 * @throws DistillationError `COSTKIT_DISTILLATION_SOURCE_INVALID` for a file that cannot be read, and for a line that is
 * no example, with its number.
 *
 * @example
 * ```ts
 * for await (const { task } of examplesFromLines('train.jsonl')) console.log(task);
 * ```
 */
export async function* examplesFromLines(path: string): AsyncGenerator<TrainingExample> {
  let number = 0;
  try {
    for await (const line of linesOf(path)) {
      number += 1;
      if (line.trim() === '') continue;
      const given = JSON.parse(line) as ExampleLine;
      const { messages, ...rest } = given.request ?? given;
      if (!Array.isArray(messages)) throw new TypeError('no messages');
      const answer = given.answer ?? given.expected ?? lastAnswer(messages);
      const example = exampleOf({ ...rest, messages }, given.task ?? 'untagged', answer);
      if (!isUnsuitable(example)) yield example;
    }
  } catch (error) {
    throw new DistillationError(
      'COSTKIT_DISTILLATION_SOURCE_INVALID',
      number === 0
        ? `"${path}" cannot be read. Give a file of JSON lines`
        : `line ${number} of "${path}" is no example. Write {"task": "…", "messages": […], "answer": "…"}`,
      { cause: error },
    );
  }
}
