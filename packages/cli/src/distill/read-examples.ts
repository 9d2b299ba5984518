import type { LoggedCall, TrainingExample } from '@costkit/planner/distillation';

/** Which examples are read. */
export interface ReadExamplesOptions {
  /** Its answers are those to learn. */
  readonly teacher?: string;
  /** Only of these tasks. @defaultValue all */
  readonly tasks?: readonly string[];
  /** Keys of request metadata that name the task; the first that is there. */
  readonly taskKeys?: readonly string[];
}

/** As `costkit analyze` names tasks. */
const TASK_KEYS = ['task', 'feature'];

/** The examples of files and folders, in their order. */
export async function* readExamples(
  sources: readonly string[],
  { teacher, tasks, taskKeys = TASK_KEYS }: ReadExamplesOptions = {},
): AsyncGenerator<TrainingExample> {
  const { examplesFromSource } = await import('@costkit/planner/distillation');
  const taskOf = ({ requestMetadata }: LoggedCall): string =>
    taskKeys.map((key) => requestMetadata[key]).find((name) => name !== undefined && name !== '') ??
    'untagged';
  for (const source of sources) {
    const given = { taskOf, ...(teacher === undefined ? {} : { teacher }) };
    for await (const example of examplesFromSource(source, given)) {
      if (tasks === undefined || tasks.includes(example.task)) yield example;
    }
  }
}
