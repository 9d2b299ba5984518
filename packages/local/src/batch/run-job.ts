import type { CatalogueModel } from '@costkit/pricing/catalogue';
import type { LocalContext } from '../contract.js';
import type { ObjectStore } from '../s3/object-store.js';
import type { BatchTimings, BatchTrouble } from './batch-job.js';
import type { BatchLimits } from './batch-limits.js';
import { JobFailure } from './job-failure.js';
import type { JobState } from './job-state.js';
import { openJobStorage } from './job-storage.js';
import { type ProcessingEnd, processRecords } from './process-records.js';
import { type ValidatedInput, validateInput } from './validate-input.js';

/** What it takes to run a job. */
export interface RunJobParts {
  readonly context: LocalContext;
  readonly store: ObjectStore;
  readonly state: JobState;
  readonly model: CatalogueModel;
  readonly timings: BatchTimings;
  readonly limits: BatchLimits;
  readonly trouble: BatchTrouble | undefined;
  readonly concurrency: number;
  readonly random: () => number;
  /** Aborted when the user stops the job. */
  readonly stop: AbortSignal;
  /** Aborted when the server shuts down: the job is left as it is. */
  readonly close: AbortSignal;
}

const STATUS_OF_END = {
  complete: 'Completed',
  partiallyComplete: 'PartiallyCompleted',
  expire: 'Expired',
  stop: 'Stopped',
  fail: 'Failed',
} as const satisfies Record<ProcessingEnd['kind'], string>;

/**
 * Leads a job from Submitted to its end. Its stages follow one another on a time line that is fixed when the job
 * is submitted; when the clock is already past a stage, the job does not wait. So a clock that is moved by days in
 * one step drives a job as one does that ticks.
 */
export const runJob = async (parts: RunJobParts): Promise<void> => {
  const { state, timings, stop, close } = parts;
  const clock = parts.context.clock;
  const early = AbortSignal.any([stop, close]);
  const storage = openJobStorage({
    job: () => state.job,
    store: parts.store,
    accountId: parts.context.accountId,
    trouble: parts.trouble,
  });
  let timeMs = state.job.submitTimeMs;
  const sleepUntil = async (untilMs: number): Promise<void> => {
    early.throwIfAborted();
    if (clock.now() < untilMs) await clock.sleep(untilMs - clock.now(), early);
    timeMs = untilMs;
  };

  const validate = async (): Promise<ValidatedInput> => {
    await sleepUntil(timeMs + timings.submittedMs);
    state.enter('Validating', timeMs);
    const validated = await validateInput(state.job, storage, parts.limits).catch((error: unknown) => error);
    await sleepUntil(timeMs + timings.validatingMs);
    if (validated instanceof Error) throw validated;
    return validated as ValidatedInput;
  };

  const process = async ({ files }: ValidatedInput): Promise<ProcessingEnd> => {
    const expiresMs = state.job.expirationTimeMs;
    const startMs = timeMs + timings.scheduledMs;
    if (startMs > expiresMs) {
      await sleepUntil(expiresMs);
      return { kind: 'expire' };
    }
    await sleepUntil(startMs);
    state.enter('InProgress', timeMs);
    const stopAfter = parts.context.stopBatchJobAfter(state.job.request.modelId);
    return processRecords(files, {
      ...parts,
      storage,
      engine: parts.context.engine,
      waitFor: async (index) => {
        if (stopAfter !== undefined && index >= stopAfter) return { kind: 'stop' };
        const turnMs = startMs + (index + 1) * timings.recordMs;
        try {
          await sleepUntil(Math.min(turnMs, expiresMs));
        } catch (error) {
          if (close.aborted) throw error;
          return { kind: 'stop' };
        }
        return turnMs > expiresMs ? { kind: 'partiallyComplete' } : undefined;
      },
    });
  };

  const finish = async (end: ProcessingEnd): Promise<void> => {
    if (end.kind === 'stop') {
      if (!stop.aborted) state.enter('Stopping', timeMs);
      const stoppedMs = state.job.lastModifiedTimeMs + timings.stoppingMs;
      if (clock.now() < stoppedMs) await clock.sleep(stoppedMs - clock.now(), close);
      state.enter('Stopped', stoppedMs);
    } else {
      state.enter(STATUS_OF_END[end.kind], timeMs, end.kind === 'fail' ? end.message : undefined);
    }
  };

  try {
    const validated = await validate();
    state.count({ totalRecordCount: validated.recordCount });
    state.enter('Scheduled', timeMs);
    await finish(await process(validated));
  } catch (error) {
    if (close.aborted) return;
    if (stop.aborted) await finish({ kind: 'stop' }).catch(ignoreClose(close));
    else state.enter('Failed', Math.max(timeMs, state.job.lastModifiedTimeMs), failureMessage(error));
  }
};

const failureMessage = (error: unknown): string =>
  error instanceof JobFailure
    ? error.message
    : 'The system encountered an unexpected error during processing. Try your request again.';

const ignoreClose =
  (close: AbortSignal) =>
  (error: unknown): void => {
    if (!close.aborted) throw error;
  };
