import { check } from '../checks.js';
import { DistillationError } from './distillation-error.js';
import { batchExamples } from './examples-from-batch.js';
import { lineExamples } from './examples-from-lines.js';
import { LOG_CHECKS, type LogExamplesOptions, logReader, teacherCheck } from './examples-from-logs.js';
import { isBody } from './log-bodies.js';
import { isEventsDocument, type Json, objectOf, readable, recordText } from './log-records.js';
import { openSource } from './open-source.js';
import { readAhead } from './s3-files.js';
import { linesOf, type SourceFile, textOf } from './source-file.js';
import type { TrainingExample } from './training-example.js';

type SourceKind = 'log' | 'batch' | 'lines' | 'jobs';

/** Outputs of batch jobs. */
const BATCH = /\.jsonl\.out$/;

/** What a file holds, by its first line that says something. */
function kindOf(line: string): SourceKind | undefined {
  if (isEventsDocument(line)) return 'log';
  if (/^\{\s*"invocationJobSummaries"/.test(line)) return 'jobs';
  let record: Json;
  try {
    record = objectOf(JSON.parse(recordText(line)));
  } catch {
    // Its reader says what is wrong with it, or nobody asks.
    return undefined;
  }
  if ('modelInput' in record) return 'batch';
  if (record['schemaType'] === 'ModelInvocationLog' || ('modelId' in record && 'operation' in record))
    return 'log';
  return Array.isArray(objectOf(record['request'] ?? record)['messages']) ? 'lines' : undefined;
}

/** A file that has been opened to see what it holds. */
interface OpenFile {
  readonly kind: SourceKind | undefined;
  /** All lines, the first ones included. */
  readonly lines: AsyncGenerator<string>;
}

async function open(file: SourceFile): Promise<OpenFile> {
  const rest = readable(file, linesOf(file), () => read.length + 1);
  const read: string[] = [];
  let head = '';
  let kind: SourceKind | undefined;
  try {
    for (let step = await rest.next(); step.done !== true; step = await rest.next()) {
      read.push(step.value);
      head += step.value.trim();
      // A document that is written for people begins with a line that says nothing.
      if (head === '' || head === '{') continue;
      kind = kindOf(head);
      break;
    }
  } catch (error) {
    // What is broken before its first line may be anything.
    if (!(error instanceof DistillationError)) throw error;
  }
  async function* lines(): AsyncGenerator<string> {
    try {
      yield* read;
      yield* rest;
    } finally {
      await rest.return(undefined);
    }
  }
  return { kind, lines: lines() };
}

/** Models of batch jobs by their ids: `{"invocationJobSummaries": […]}`, as `ListModelInvocationJobs` has them. */
async function jobsOf(files: readonly SourceFile[]): Promise<ReadonlyMap<string, string>> {
  const jobs = new Map<string, string>();
  if (!files.some(({ name }) => BATCH.test(name))) return jobs;
  for (const file of files.filter(({ name }) => /jobs[^/\\]*\.json$/.test(name))) {
    const text = await textOf(file);
    if (!/^\s*\{\s*"invocationJobSummaries"/.test(text)) continue;
    for (const { jobArn, modelId } of summariesOf(text, file)) {
      jobs.set(String(jobArn).split('/').at(-1) ?? '', String(modelId));
    }
  }
  return jobs;
}

function summariesOf(text: string, { name }: SourceFile): readonly Json[] {
  try {
    const { invocationJobSummaries } = JSON.parse(text) as {
      readonly invocationJobSummaries: readonly unknown[];
    };
    return invocationJobSummaries.map(objectOf);
  } catch (cause) {
    throw new DistillationError(
      'COSTKIT_DISTILLATION_SOURCE_INVALID',
      `"${name}" is no list of batch jobs. Give the JSON of aws bedrock list-model-invocation-jobs`,
      { cause },
    );
  }
}

/**
 * Examples from whatever a file, a folder or a prefix in S3 (`s3://bucket/prefix`) holds, seen from the first line of each
 * file: invocation logs ({@link examplesFromLogs}), outputs of batch jobs, or examples ({@link examplesFromLines}). Other
 * files are left out. The model of a batch job is what a list of the jobs beside it says (`fetchBatchOutputs` of
 * `@costkit/insights/aws`, or the JSON of `aws bedrock list-model-invocation-jobs` in a file called `jobs.json`); without
 * one it is taken to be the teacher.
 *
 * @throws InvalidOptionError for an option that is unknown or wrong.
 * @throws DistillationError `COSTKIT_DISTILLATION_SOURCE_INVALID` for what cannot be read, or holds none of these. Errors
 * of the S3 client pass as they are.
 *
 * @example
 * ```ts
 * const examples = examplesFromSource('s3://my-logs/AWSLogs', { teacher, s3: new S3Client({}) });
 * const data = await selectTrainingData(examples, { teacher, student });
 * ```
 */
export async function* examplesFromSource(
  path: string,
  options: LogExamplesOptions = {},
): AsyncGenerator<TrainingExample> {
  check(options, LOG_CHECKS);
  const files = await openSource(path, options.s3);
  const jobs = await jobsOf(files);
  const readLog = logReader(files, options);
  const isTeachers = teacherCheck(options);
  let isKnown = false;
  for (const file of readAhead(files.filter((one) => !isBody(one)))) {
    const { kind, lines } = await open(file);
    isKnown ||= kind !== undefined;
    if (kind === 'log') yield* readLog(file, lines);
    else if (kind === 'lines') yield* lineExamples(file, lines, options.onLeftOut);
    else if (kind === 'batch') {
      const job = file.name.split(/[\\/]/).find((folder) => jobs.has(folder));
      const modelId = job === undefined ? undefined : jobs.get(job);
      yield* batchExamples(file, lines, {
        modelId: modelId ?? options.teacher,
        isTeachers: modelId === undefined || isTeachers(modelId),
        onLeftOut: options.onLeftOut,
      });
    } else await lines.return(undefined);
  }
  if (isKnown) return;
  throw new DistillationError(
    'COSTKIT_DISTILLATION_SOURCE_INVALID',
    `"${path}" holds nothing that examples are made of. Give invocation logs, outputs of batch jobs (.jsonl.out), or JSON lines with messages`,
  );
}
