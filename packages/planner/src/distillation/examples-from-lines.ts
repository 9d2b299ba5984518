import { DistillationError } from './distillation-error.js';
import type { LeftOut } from './examples-from-logs.js';
import { localFile } from './local-files.js';
import { readable } from './log-records.js';
import { linesOf, type SourceFile } from './source-file.js';
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
 * `trainingLines` and `exampleLine` write them (where there is no `answer`, a last turn of the assistant is it), or cases of
 * an evaluation (`{"task", "request", "expected"}`).
 *
 * @throws DistillationError `COSTKIT_DISTILLATION_SOURCE_INVALID` for a file that cannot be read, and for a line that is
 * no example, with its number.
 *
 * @example
 * ```ts
 * for await (const { task } of examplesFromLines('train.jsonl')) console.log(task);
 * ```
 */
export function examplesFromLines(path: string): AsyncGenerator<TrainingExample> {
  const file = localFile(path);
  return lineExamples(file, linesOf(file));
}

/** The examples of a file that is being read. */
export async function* lineExamples(
  file: SourceFile,
  lines: AsyncIterable<string>,
  onLeftOut?: (why: LeftOut) => void,
): AsyncGenerator<TrainingExample> {
  let number = 0;
  for await (const line of readable(file, lines, () => number + 1)) {
    number += 1;
    if (line.trim() === '') continue;
    const { messages, request, task, answer } = lineOf(line, file, number);
    const isBegun = answer === undefined && messages.at(-1)?.role === 'assistant';
    const example = exampleOf(
      { ...request, messages: isBegun ? messages.slice(0, -1) : messages },
      task ?? 'untagged',
      answer ?? lastAnswer(messages),
    );
    if (isUnsuitable(example)) onLeftOut?.(example);
    else yield example;
  }
}

function lineOf(line: string, { name }: SourceFile, number: number) {
  try {
    const given = JSON.parse(line) as ExampleLine;
    const request = given.request ?? given;
    const { messages } = request;
    if (!Array.isArray(messages)) throw new TypeError('no messages');
    return {
      messages: messages as NonNullable<ExampleLine['messages']>,
      request,
      task: given.task,
      answer: given.answer ?? given.expected,
    };
  } catch (cause) {
    throw new DistillationError(
      'COSTKIT_DISTILLATION_SOURCE_INVALID',
      `line ${number} of "${name}" is no example. Write {"task": "…", "messages": […], "answer": "…"}`,
      { cause },
    );
  }
}
