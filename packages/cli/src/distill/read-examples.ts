import type {
  LogExamplesOptions,
  LoggedCall,
  SendingClient,
  TrainingExample,
} from '@costkit/planner/distillation';

/** Which examples are read. */
export interface ReadExamplesOptions extends Pick<LogExamplesOptions, 'teacher' | 'models' | 'onLeftOut'> {
  /** Only of these tasks. @defaultValue all */
  readonly tasks?: readonly string[];
  /** Keys of request metadata that name the task; the first that is there. */
  readonly taskKeys?: readonly string[];
}

/** As `costkit analyze` names tasks. */
const TASK_KEYS = ['task', 'feature'];

async function clientFor(sources: readonly string[]): Promise<{ readonly s3?: SendingClient }> {
  if (!sources.some((source) => source.startsWith('s3://'))) return {};
  const { S3Client } = await import('@aws-sdk/client-s3');
  return { s3: new S3Client({}) };
}

/** The examples of files, folders and prefixes, in their order. */
export async function* readExamples(
  sources: readonly string[],
  { tasks, taskKeys = TASK_KEYS, ...given }: ReadExamplesOptions = {},
): AsyncGenerator<TrainingExample> {
  const { examplesFromSource } = await import('@costkit/planner/distillation');
  const taskOf = ({ requestMetadata }: LoggedCall): string =>
    taskKeys.map((key) => requestMetadata[key]).find((name) => name !== undefined && name !== '') ??
    'untagged';
  const options = { taskOf, ...given, ...(await clientFor(sources)) };
  for (const source of sources) {
    for await (const example of examplesFromSource(source, options)) {
      if (tasks === undefined || tasks.includes(example.task)) yield example;
    }
  }
}
