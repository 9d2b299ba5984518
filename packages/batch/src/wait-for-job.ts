import type { KnownShard } from './batch-log.js';
import type { BatchPlan } from './batch-plan.js';
import { DEFAULT_POLL_MS, MAX_POLL_FACTOR } from './constants.js';
import { hasEnded } from './job.js';
import type { StagedShard } from './journal.js';
import { retried } from './retry-look.js';

/** A job as the service describes it. */
export interface JobState {
  readonly status: string;
  readonly message?: string;
  readonly totalRecordCount?: number;
  readonly processedRecordCount?: number;
  readonly errorRecordCount?: number;
}

/** How a job ended. */
export interface JobEnd {
  readonly status: string;
  /** Why, where the service says so, or {@link STOPPED_FOR_DEADLINE}. */
  readonly message: string | undefined;
}

/** What the journal says of a job that was stopped so that its other records can be answered in time. */
export const STOPPED_FOR_DEADLINE = 'The deadline was near.';

/** How much longer each time between two looks is than the one before. */
const POLL_GROWTH = 1.2;

/** Waits until a job has ended; looks that fail in passing are repeated with back-off. */
export async function waitForJob(
  plan: BatchPlan,
  { staged, isStopping: wasStopping }: KnownShard,
  jobArn: string,
  signal: AbortSignal,
): Promise<JobEnd> {
  const { options, clock, log, stopAtMs } = plan;
  const { pollMs = DEFAULT_POLL_MS, bedrock } = options;
  const { GetModelInvocationJobCommand } = await import('@aws-sdk/client-bedrock');
  const look = (): Promise<JobState> =>
    retried(() => bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier: jobArn })), {
      clock,
      signal,
    });
  let waitMs = pollMs;
  let isStopping = false;
  for (;;) {
    signal.throwIfAborted();
    const state = await look();
    plan.progress.saw(jobArn, state);
    if (hasEnded(state.status)) {
      const isForDeadline = (isStopping || wasStopping) && state.status === 'Stopped';
      return end(plan, staged, {
        status: state.status,
        message: isForDeadline ? STOPPED_FOR_DEADLINE : state.message,
      });
    }
    const leftMs = stopAtMs - clock.now();
    if (leftMs <= 0 && !isStopping) {
      isStopping = true;
      // Whoever finds it stopped after a crash must know that its other records are still wanted.
      if (!wasStopping) await log.append({ step: 'stopping', token: staged.token });
      await stopJob(plan, jobArn, signal);
    }
    await clock.sleep(isStopping ? pollMs : Math.min(waitMs, Math.max(1, leftMs)), signal);
    waitMs = Math.min(waitMs * POLL_GROWTH, pollMs * MAX_POLL_FACTOR);
  }
}

/** Ends a shard whose job was not begun, because the deadline was near. */
export const endForDeadline = (plan: BatchPlan, staged: StagedShard): Promise<JobEnd> =>
  end(plan, staged, { status: 'Stopped', message: STOPPED_FOR_DEADLINE });

async function end({ log }: BatchPlan, { token }: StagedShard, { status, message }: JobEnd): Promise<JobEnd> {
  await log.append({ step: 'ended', token, status, ...(message === undefined ? {} : { message }) });
  return { status, message };
}

/** Stops a job; one that has ended meanwhile is as good. */
export async function stopJob(
  { options, clock }: Pick<BatchPlan, 'options' | 'clock'>,
  jobArn: string,
  signal: AbortSignal,
): Promise<void> {
  const { StopModelInvocationJobCommand } = await import('@aws-sdk/client-bedrock');
  try {
    await retried(() => options.bedrock.send(new StopModelInvocationJobCommand({ jobIdentifier: jobArn })), {
      clock,
      signal,
    });
  } catch (error) {
    if ((error as Error).name !== 'ConflictException') throw error;
  }
}
