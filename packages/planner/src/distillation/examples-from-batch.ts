import { answerText } from './answer-text.js';
import { DistillationError } from './distillation-error.js';
import { type LeftOut, viewOf } from './examples-from-logs.js';
import { localFile } from './local-files.js';
import { type Json, objectOf, readable } from './log-records.js';
import { linesOf, type SourceFile } from './source-file.js';
import { exampleOfView, type TrainingExample } from './training-example.js';

/** What an output does not say of its job. */
export interface BatchReading {
  /** The model of the job; `undefined`: nobody said. */
  readonly modelId?: string | undefined;
  /** Whether its answers are the teacher's. */
  readonly isTeachers: boolean;
  readonly taskOf?: ((recordId: string) => string) | undefined;
  readonly onLeftOut?: ((why: LeftOut) => void) | undefined;
}

/**
 * Examples from the output file of a batch job whose model was the teacher: records of Converse, and of InvokeModel in
 * bodies that say what they are, such as Nova's. Records that failed come without an answer.
 *
 * @param path - A `.jsonl.out` file.
 * @param taskOf - The task of a record, by its id. @defaultValue its request's metadata `task`, else `"batch"`
 * @throws DistillationError `COSTKIT_DISTILLATION_SOURCE_INVALID` for a file that cannot be read, and for a line that is
 * no record.
 *
 * @example
 * ```ts
 * const data = await selectTrainingData(examplesFromBatch('answers.jsonl.out'), { teacher, student });
 * ```
 */
export function examplesFromBatch(
  path: string,
  taskOf?: (recordId: string) => string,
): AsyncGenerator<TrainingExample> {
  const file = localFile(path);
  return batchExamples(file, linesOf(file), { isTeachers: true, taskOf });
}

/** The examples of an output that is being read. */
export async function* batchExamples(
  file: SourceFile,
  lines: AsyncIterable<string>,
  { modelId = '', isTeachers, taskOf, onLeftOut }: BatchReading,
): AsyncGenerator<TrainingExample> {
  let number = 0;
  for await (const line of readable(file, lines, () => number + 1)) {
    number += 1;
    if (line.trim() === '') continue;
    const { recordId, modelInput, modelOutput } = recordOf(line, file, number);
    const metadata = objectOf(modelInput['requestMetadata']);
    const named = metadata['task'];
    const task = taskOf?.(recordId) ?? (typeof named === 'string' ? named : 'batch');
    const request = viewOf(isConverse(modelInput) ? 'Converse' : 'InvokeModel', modelId, modelInput);
    const answer = isTeachers ? answerText(request, modelOutput) : undefined;
    const example = exampleOfView(request, task, answer);
    if (typeof example === 'string') onLeftOut?.(example);
    else yield example;
  }
}

function recordOf(
  line: string,
  { name }: SourceFile,
  number: number,
): { readonly recordId: string; readonly modelInput: Json; readonly modelOutput: unknown } {
  let record: Json = {};
  let cause: unknown;
  try {
    record = objectOf(JSON.parse(line));
  } catch (error) {
    cause = error;
  }
  const { recordId, modelInput, modelOutput } = record;
  if (typeof modelInput === 'object' && modelInput !== null) {
    return { recordId: String(recordId ?? ''), modelInput: objectOf(modelInput), modelOutput };
  }
  throw new DistillationError(
    'COSTKIT_DISTILLATION_SOURCE_INVALID',
    `line ${number} of "${name}" is no record of a batch job. Give the file as the service wrote it`,
    { cause },
  );
}

/** Whether a request has its texts where Converse has them, as Nova's bodies do, too. */
function isConverse({ messages, system = [] }: Json): boolean {
  return (
    Array.isArray(system) &&
    Array.isArray(messages) &&
    messages.every((message) => {
      const { content } = objectOf(message);
      return Array.isArray(content) && content.every((block) => !('type' in objectOf(block)));
    })
  );
}
