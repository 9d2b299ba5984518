import { DistillationError } from './distillation-error.js';
import { linesOf } from './lines-of.js';
import { exampleOf, isUnsuitable, type TrainingExample } from './training-example.js';

/**
 * Examples from the output file of a batch job of Converse records, whose model was the teacher. Records that failed
 * come without an answer.
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
export async function* examplesFromBatch(
  path: string,
  taskOf?: (recordId: string) => string,
): AsyncGenerator<TrainingExample> {
  let number = 0;
  try {
    for await (const line of linesOf(path)) {
      number += 1;
      if (line.trim() === '') continue;
      const { recordId, modelInput, modelOutput } = JSON.parse(line) as {
        recordId: string;
        modelInput: object & { readonly requestMetadata?: Readonly<Record<string, string>> };
        modelOutput?: { output?: { message?: { content?: readonly { text?: string }[] } } };
      };
      const answer = modelOutput?.output?.message?.content?.map(({ text = '' }) => text).join('');
      const task = taskOf?.(recordId) ?? modelInput.requestMetadata?.['task'] ?? 'batch';
      const example = exampleOf(modelInput as object, task, answer);
      if (!isUnsuitable(example)) yield example;
    }
  } catch (error) {
    throw new DistillationError(
      'COSTKIT_DISTILLATION_SOURCE_INVALID',
      number === 0
        ? `"${path}" cannot be read. Give the output file of a batch job`
        : `line ${number} of "${path}" is no record of a batch job. Give the file as the service wrote it`,
      { cause: error },
    );
  }
}
