import { Money } from '@costkit/core';
import type { BatchClock, BatchProgress } from './types.js';
import type { JobState } from './wait-for-job.js';

/** Follows how far a batch is, and tells it. */
export interface Progress {
  /** All records are known, and how many of them are in no job because they share the answer of another. */
  expect(records: number, shared: number): void;
  /** A job was looked at. */
  saw(jobArn: string, state: JobState): void;
  /** A result was handed on. */
  took(cost: Money | undefined): void;
}

/** Makes a progress. */
export function createProgress(
  clock: BatchClock,
  tell: ((progress: BatchProgress) => void) | undefined,
): Progress {
  const jobs = new Map<string, { readonly status: string; readonly done: number; readonly failed: number }>();
  let [records, sent, results] = [0, 0, 0];
  let spent = Money.zero;
  const startedAt = clock.now();
  /** What the first look at each job found was not done since the start. */
  let doneBefore = 0;

  return {
    expect: (count, shared) => {
      records = count;
      sent = count - shared;
    },
    saw: (jobArn, state) => {
      const done = state.processedRecordCount ?? 0;
      const failed = state.errorRecordCount ?? 0;
      const before = jobs.get(jobArn);
      if (before === undefined) doneBefore += done;
      else if (before.status === state.status && before.done === done && before.failed === failed) return;
      jobs.set(jobArn, { status: state.status, done, failed });
      const processed = [...jobs.values()].reduce((sum, job) => sum + job.done, 0);
      const seconds = (clock.now() - startedAt) / 1_000;
      const rate = seconds > 0 ? (processed - doneBefore) / seconds : 0;
      tell?.({
        jobArn,
        status: state.status,
        totalRecords: state.totalRecordCount ?? 0,
        processedRecords: done,
        failedRecords: failed,
        batch: {
          records,
          processedRecords: processed,
          results,
          recordsPerSecond: rate,
          remainingMs: rate > 0 ? Math.max(0, Math.round(((sent - processed) / rate) * 1_000)) : undefined,
          spent,
        },
      });
    },
    took: (cost) => {
      results += 1;
      if (cost !== undefined) spent = spent.plus(cost);
    },
  };
}
