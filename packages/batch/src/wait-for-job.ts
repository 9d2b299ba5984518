import { systemBatchClock } from './batch-clock.js';
import { DEFAULT_POLL_MS } from './constants.js';
import { hasEnded, type Job, type OpenJob } from './job.js';
import type { BatchProgress } from './types.js';

interface JobState {
  readonly status: string;
  readonly message?: string;
  readonly totalRecordCount?: number;
  readonly processedRecordCount?: number;
  readonly errorRecordCount?: number;
}

const MOST_RETRIES = 8;

const progressOf = (jobArn: string, state: JobState): BatchProgress => ({
  jobArn,
  status: state.status,
  totalRecords: state.totalRecordCount ?? 0,
  processedRecords: state.processedRecordCount ?? 0,
  failedRecords: state.errorRecordCount ?? 0,
});

const sameProgress = (one: BatchProgress | undefined, other: BatchProgress): boolean =>
  one?.status === other.status &&
  one.processedRecords === other.processedRecords &&
  one.failedRecords === other.failedRecords;

/** A job runs for hours: a look that is throttled or meets a broken line says nothing about it. */
function isTransient({ name, ...error }: Error): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return name === 'ThrottlingException' || status === undefined || status === 429 || status >= 500;
}

/** How a job ended. */
export interface JobEnd {
  readonly status: string;
  /** Why, where the service says so. */
  readonly message: string | undefined;
}

/** Waits until a job has ended; looks that fail in passing are repeated with back-off. */
export async function waitForJob(job: Job, { jobArn, token }: OpenJob): Promise<JobEnd> {
  const { options, journal, onProgress } = job;
  const { pollMs = DEFAULT_POLL_MS, clock = systemBatchClock, bedrock, signal } = options;
  const [{ GetModelInvocationJobCommand }, { default: pRetry }] = await Promise.all([
    import('@aws-sdk/client-bedrock'),
    import('p-retry'),
  ]);
  const look = (): Promise<JobState> =>
    pRetry(
      async () =>
        (await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier: jobArn }))) as JobState,
      {
        retries: MOST_RETRIES,
        shouldRetry: ({ error }) => isTransient(error),
        ...(signal === undefined ? {} : { signal }),
      },
    );
  let told: BatchProgress | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const state = await look();
    const progress = progressOf(jobArn, state);
    if (!sameProgress(told, progress)) onProgress(progress);
    told = progress;
    if (hasEnded(state.status)) {
      await journal.append({ step: 'ended', token, status: state.status });
      return { status: state.status, message: state.message };
    }
    await clock.sleep(pollMs, signal);
  }
}
