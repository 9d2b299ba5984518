import { type BatchJob, type BatchJobCounts, type BatchJobStatus, hasEnded } from './batch-job.js';

/** The current state of one job, and who is told when it changes. */
export interface JobState {
  readonly job: BatchJob;
  /** Moves to another status. A job that has ended stays as it is. */
  enter(status: BatchJobStatus, atMs: number, message?: string): void;
  /** Sets the counts. */
  count(counts: Partial<BatchJobCounts>): void;
  /** Resolves when the job has ended. */
  readonly ended: Promise<BatchJob>;
}

/** Longest message of a job [service model]. */
const MAX_MESSAGE_LENGTH = 2048;

/** Starts with a job that was just submitted; `onChange` is told of every later status. */
export const createJobState = (
  submitted: BatchJob,
  onChange: (job: BatchJob, atMs: number) => void,
): JobState => {
  let job = submitted;
  let resolveEnded: (job: BatchJob) => void = () => {};
  const ended = new Promise<BatchJob>((resolve) => {
    resolveEnded = resolve;
  });
  return {
    ended,
    get job() {
      return job;
    },
    enter: (status, atMs, message) => {
      if (hasEnded(job.status)) return;
      job = {
        ...job,
        status,
        lastModifiedTimeMs: atMs,
        ...(hasEnded(status) ? { endTimeMs: atMs } : {}),
        ...(message === undefined ? {} : { message: message.slice(0, MAX_MESSAGE_LENGTH) }),
      };
      onChange(job, atMs);
      if (hasEnded(status)) resolveEnded(job);
    },
    count: (counts) => {
      job = { ...job, ...counts };
    },
  };
};
