import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { systemBatchClock } from './batch-clock.js';
import { DEFAULT_POLL_MS, DEFAULT_PREFIX, DEFAULT_TIMEOUT_HOURS } from './constants.js';
import { BatchError } from './errors.js';
import type { Journal } from './journal.js';
import type { Shard } from './shard-records.js';
import type { BatchJobOptions, BatchProgress } from './types.js';

/** A line of a job's output. */
export interface OutputLine {
  readonly recordId: string;
  readonly modelOutput?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly errorCode?: number | string; readonly errorMessage?: string };
}

/** What one job is about. */
export interface Job {
  readonly options: BatchJobOptions;
  readonly model: string;
  readonly recordType: 'Converse' | 'InvokeModel';
  readonly journal: Journal;
  readonly onProgress: (progress: BatchProgress) => void;
}

const ENDED = new Set(['Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Expired']);
/** Ends that leave paid output behind. */
const WITH_OUTPUT = new Set(['Completed', 'PartiallyCompleted', 'Stopped', 'Expired']);

const prefixOf = ({ prefix = DEFAULT_PREFIX }: BatchJobOptions): string => prefix.replace(/^\/+|\/+$/g, '');

/** Same model, same records, same token: creating the job twice is creating it once. */
function tokenOf({ model, recordType }: Job, shard: Shard): string {
  const hash = createHash('sha256').update(`${model} ${recordType}\n`);
  for (const line of shard.lines) hash.update(line);
  return hash.digest('hex').slice(0, 40);
}

/** Writes a shard to the bucket, in parts. */
async function stageShard(
  { options, journal }: Job,
  shard: Shard,
  token: string,
): Promise<{ readonly key: string }> {
  const [{ Upload }, { Readable: Stream }] = await Promise.all([
    import('@aws-sdk/lib-storage'),
    import('node:stream'),
  ]);
  const key = `${prefixOf(options)}/${token}/input.jsonl`;
  const upload = new Upload({
    // Structural on purpose (see S3ClientLike); the library names the class of its own SDK copy.
    client: options.s3 as never,
    params: {
      Bucket: options.bucket,
      Key: key,
      Body: Stream.from(shard.lines),
      ContentType: 'application/jsonl',
    },
  });
  await upload.done().catch((error: Error) => {
    throw error.name === 'NoSuchBucket'
      ? new BatchError(
          'COSTKIT_BATCH_BUCKET_MISSING',
          `the bucket "${options.bucket}" does not exist. Create it in the Region of the job`,
          { cause: error },
        )
      : error;
  });
  await journal.append({ step: 'staged', shard: shard.index, key, records: shard.lines.length, token });
  return { key };
}

/** Creates the job of a staged shard. */
async function createJob(
  job: Job,
  shard: number,
  staged: { readonly key: string; readonly token: string },
): Promise<string> {
  const { options, model, journal } = job;
  const { CreateModelInvocationJobCommand } = await import('@aws-sdk/client-bedrock');
  const { jobArn } = (await options.bedrock.send(
    new CreateModelInvocationJobCommand({
      jobName: `costkit-${staged.token.slice(0, 24)}`,
      clientRequestToken: staged.token,
      roleArn: options.roleArn,
      modelId: model,
      modelInvocationType: job.recordType,
      inputDataConfig: {
        s3InputDataConfig: { s3Uri: `s3://${options.bucket}/${staged.key}`, s3InputFormat: 'JSONL' },
      },
      outputDataConfig: {
        s3OutputDataConfig: { s3Uri: `s3://${options.bucket}/${outputPrefix(options, staged.token)}` },
      },
      timeoutDurationInHours: options.timeoutHours ?? DEFAULT_TIMEOUT_HOURS,
    }),
  )) as { jobArn: string };
  await journal.append({ step: 'created', shard, jobArn });
  return jobArn;
}

const outputPrefix = (options: BatchJobOptions, token: string): string =>
  `${prefixOf(options)}/${token}/output/`;

/** Waits until a job has ended; throttled looks are repeated with back-off. */
async function waitForJob(job: Job, shard: number, jobArn: string): Promise<string> {
  const { options, journal, onProgress } = job;
  const { pollMs = DEFAULT_POLL_MS, clock = systemBatchClock, bedrock } = options;
  const [{ GetModelInvocationJobCommand }, { default: pRetry }] = await Promise.all([
    import('@aws-sdk/client-bedrock'),
    import('p-retry'),
  ]);
  const look = async (): Promise<JobState> =>
    pRetry(
      async () =>
        (await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier: jobArn }))) as JobState,
      {
        retries: 8,
        shouldRetry: ({ error }) => isTransient(error),
      },
    );
  let status = '';
  for (;;) {
    const state = await look();
    if (state.status !== status) onProgress(progressOf(jobArn, state));
    status = state.status;
    if (ENDED.has(status)) {
      await journal.append({ step: 'ended', shard, status });
      if (WITH_OUTPUT.has(status)) return status;
      throw new BatchError(
        'COSTKIT_BATCH_JOB_FAILED',
        `the job ${jobArn} ended as ${status}: ${state.message ?? 'no reason given'}. Nothing of it was answered`,
      );
    }
    await clock.sleep(pollMs);
  }
}

interface JobState {
  readonly status: string;
  readonly message?: string;
  readonly totalRecordCount?: number;
  readonly processedRecordCount?: number;
  readonly errorRecordCount?: number;
}

const progressOf = (jobArn: string, state: JobState): BatchProgress => ({
  jobArn,
  status: state.status,
  totalRecords: state.totalRecordCount ?? 0,
  processedRecords: state.processedRecordCount ?? 0,
  failedRecords: state.errorRecordCount ?? 0,
});

function isTransient(error: Error): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status === undefined || status === 429 || status >= 500;
}

/** Reads a job's output line by line, in the order of its files; records come in any order. */
async function* readOutput(options: BatchJobOptions, token: string): AsyncGenerator<OutputLine> {
  const { GetObjectCommand, ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const Prefix = outputPrefix(options, token);
  let ContinuationToken: string | undefined;
  do {
    const page = await options.s3.send(
      new ListObjectsV2Command({
        Bucket: options.bucket,
        Prefix,
        ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
      }),
    );
    for (const { Key } of page.Contents ?? []) {
      if (Key === undefined || !Key.endsWith('.jsonl.out')) continue;
      const { Body } = await options.s3.send(new GetObjectCommand({ Bucket: options.bucket, Key }));
      for await (const line of createInterface({
        input: Body as Readable,
        crlfDelay: Number.POSITIVE_INFINITY,
      })) {
        if (line !== '') yield JSON.parse(line) as OutputLine;
      }
    }
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
}

/** Takes one shard from its lines to its answers; steps that the journal holds are not taken again. */
export async function* runShard(job: Job, shard: Shard): AsyncGenerator<OutputLine> {
  const token = tokenOf(job, shard);
  const done = (await job.journal.entries()).filter((entry) => entry.shard === shard.index);
  const staged = done.find((entry) => entry.step === 'staged' && entry.token === token);
  const { key } = staged?.step === 'staged' ? staged : await stageShard(job, shard, token);
  yield* finishShard(job, { shard: shard.index, key, token });
}

/** Takes a staged shard to its answers. */
export async function* finishShard(
  job: Job,
  staged: { readonly shard: number; readonly key: string; readonly token: string },
): AsyncGenerator<OutputLine> {
  const done = (await job.journal.entries()).filter((entry) => entry.shard === staged.shard);
  const created = done.find((entry) => entry.step === 'created');
  const jobArn = created?.step === 'created' ? created.jobArn : await createJob(job, staged.shard, staged);
  if (!done.some((entry) => entry.step === 'ended')) await waitForJob(job, staged.shard, jobArn);
  yield* readOutput(job.options, staged.token);
}
