import { MAX_OPEN_JOBS } from './constants.js';
import { BatchError } from './errors.js';
import { hasFailed, type Job, type OpenJob, type OutputLine } from './job.js';
import { readOutput } from './read-output.js';
import { type JobEnd, waitForJob } from './wait-for-job.js';

/** What comes of a job: its answers one by one, then how it ended. */
export type JobEvent<T> =
  | { readonly line: OutputLine; readonly from: T }
  | { readonly ended: string; readonly from: T };

/**
 * Runs jobs beside each other and hands on what they answer, job by job. Where one cannot be opened or has failed, the
 * others are paid all the same: their answers are handed on first, then the error is thrown.
 *
 * @param jobs - what to open, in order.
 * @param open - takes one to a job that the service has accepted.
 */
export async function* runJobs<T>(
  job: Job,
  jobs: readonly T[],
  open: (one: T) => Promise<OpenJob>,
): AsyncGenerator<JobEvent<T>> {
  const waiting = [...jobs];
  const running: { readonly from: T; readonly opened: OpenJob }[] = [];
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown): void => {
    failure ??= { error };
    // No further job is begun once one has failed: most likely it would fail too.
    waiting.length = 0;
  };
  while (waiting.length > 0 || running.length > 0) {
    while (waiting.length > 0 && running.length < MAX_OPEN_JOBS) {
      const from = waiting.shift() as T;
      try {
        running.push({ from, opened: await open(from) });
      } catch (error) {
        fail(error);
      }
    }
    const next = running.shift();
    if (next === undefined) continue;
    const { from, opened } = next;
    let ended: JobEnd | undefined;
    try {
      ended =
        opened.status === undefined
          ? await waitForJob(job, opened)
          : { status: opened.status, message: undefined };
      // Of a job that failed too: whatever it has answered is paid.
      for await (const line of readOutput(job.options, opened.token)) yield { line, from };
      if (hasFailed(ended.status)) throw failedJob(opened, ended);
    } catch (error) {
      if (job.options.signal?.aborted === true) throw error;
      fail(error);
    }
    yield { ended: ended?.status ?? 'Unknown', from };
  }
  if (failure !== undefined) throw failure.error;
}

function failedJob({ jobArn }: OpenJob, { status, message }: JobEnd): BatchError {
  return new BatchError(
    'COSTKIT_BATCH_JOB_FAILED',
    `the job ${jobArn} ended as ${status}: ${(message ?? 'no reason given').replace(/\.$/, '')}. What it had answered was handed on; mend the cause and run the other records again`,
  );
}
