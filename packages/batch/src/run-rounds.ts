import type { KnownShard } from './batch-log.js';
import type { BatchPlan } from './batch-plan.js';
import { BatchError } from './errors.js';
import { NOT_SENT } from './failure-reasons.js';
import { type BatchEvent, harvestJob, type RetriedRecord } from './harvest.js';
import { openJob } from './open-job.js';
import { type BrokenLines, brokenOutput } from './read-output.js';
import { sendSingles } from './send-singles.js';
import { openSharers, withSharers } from './sharer-lookup.js';
import { createStager, type Stager } from './stage-shards.js';
import { endRound, limitsOfRound } from './stage-source.js';
import { endForDeadline, type JobEnd, waitForJob } from './wait-for-job.js';

/** What became of a shard's job. */
type Outcome =
  | { readonly end: JobEnd; readonly jobArn: string }
  /** It could not be opened or waited for. */
  | { readonly error: unknown };

/** What went wrong besides records that failed; told once all that was answered has been handed on. */
interface Troubles {
  /** The first that ended a job's opening or waiting. */
  error?: { readonly cause: unknown };
  /** The last job that ended as Failed. */
  failedJob?: { readonly jobArn: string; readonly message: string | undefined };
  readonly broken: BrokenLines;
}

/**
 * Answers what is staged, and then again what failed and is worth it, round by round. Every record of the source comes
 * once, whatever way it went and however often it was tried.
 *
 * @throws {@link BatchError} once all that was answered has been handed on: where a job could not be opened, or has
 * failed and its records have no answer, or output cannot be read.
 */
export async function* runRounds(plan: BatchPlan): AsyncGenerator<readonly BatchEvent[]> {
  const { log } = plan;
  const leaving = new AbortController();
  const { signal: given } = plan.options;
  const signal = given === undefined ? leaving.signal : AbortSignal.any([given, leaving.signal]);
  const troubles: Troubles = { broken: { count: 0, first: '' } };
  const lastRound = (log.finishedRound ?? -1) + 1 + plan.retries;
  let failedRecords = 0;
  const hasSharers = log.round(0).sourced?.shared !== undefined;
  const sharers = hasSharers ? await openSharers(plan.options, log.batch) : undefined;
  try {
    for (let round = 0; log.round(round).sourced !== undefined; round += 1) {
      const own = runRound(plan, round, lastRound, troubles, signal);
      for await (const events of sharers === undefined ? own : withSharers(own, sharers)) {
        for (const event of events) if ('failure' in event) failedRecords += 1;
        yield events;
      }
      if (troubles.error !== undefined) throw troubles.error.cause;
    }
    const round = log.rounds - 1;
    if (log.finishedRound !== round || log.failedRecords !== failedRecords) {
      await log.append({ step: 'finished', round, failed: failedRecords });
    }
  } finally {
    // Nobody looks at the jobs any more; they go on.
    leaving.abort(new Error('The batch is left.'));
    await sharers?.close();
  }
  if (troubles.broken.count > 0) throw brokenOutput(troubles.broken);
  if (troubles.failedJob !== undefined && failedRecords > 0) throw failedJob(troubles.failedJob);
}

async function* runRound(
  plan: BatchPlan,
  round: number,
  lastRound: number,
  troubles: Troubles,
  signal: AbortSignal,
): AsyncGenerator<readonly BatchEvent[]> {
  const { log, options } = plan;
  const { shards } = log.round(round);
  const outcomes = conductAll(plan, shards, signal);
  const next = createNextRound(plan, round, lastRound, troubles);
  try {
    for (const shard of shards) {
      if (shard.staged.via === 'single' && shard.staged.records > 0 && plan.singles !== undefined) {
        yield* sendSingles(plan, plan.singles, shard, troubles.broken, signal);
        continue;
      }
      const outcome = await outcomes.get(shard.staged.token);
      if (outcome !== undefined && 'error' in outcome) {
        if (options.signal?.aborted === true) throw outcome.error;
        troubles.error ??= { cause: outcome.error };
        continue;
      }
      if (outcome?.end.status === 'Failed') {
        troubles.failedJob = { jobArn: outcome.jobArn, message: outcome.end.message };
      }
      const end = outcome?.end ?? UNSENT;
      yield* harvestJob({ options, broken: troubles.broken, ...next }, shard, end);
    }
    if (troubles.error === undefined) await next.end();
    else await next.abort();
  } catch (error) {
    await next.abort();
    throw error;
  }
}

/** Of records that this run does not send: it has no client for what goes one by one, or begins no jobs. */
const UNSENT: JobEnd = { status: NOT_SENT, message: undefined };

/** Leads the jobs of a round to their ends, beside each other, as many at a time as there is room for. */
function conductAll(
  plan: BatchPlan,
  shards: readonly KnownShard[],
  signal: AbortSignal,
): ReadonlyMap<string, Promise<Outcome>> {
  let refused: { readonly error: unknown } | undefined;
  const conduct = async (shard: KnownShard): Promise<Outcome> => {
    const { staged, status, message, jobArn: known = '' } = shard;
    if (status !== undefined) return { end: { status, message }, jobArn: known };
    if (plan.beginsNone === true && !shard.creating) return { end: UNSENT, jobArn: known };
    let giveBack: (() => void) | undefined;
    try {
      giveBack = await plan.slots.take(plan.maxOpenJobs, signal);
      // No further job is begun once one was refused: most likely it would be, too.
      if (refused !== undefined && shard.jobArn === undefined) return refused;
      const jobArn = await openJob(plan, shard, signal).catch((error: unknown) => {
        refused ??= { error };
        throw error;
      });
      if (jobArn === undefined)
        return { end: plan.beginsNone === true ? UNSENT : await endForDeadline(plan, staged), jobArn: known };
      return { end: await waitForJob(plan, shard, jobArn, signal), jobArn };
    } catch (error) {
      return { error };
    } finally {
      giveBack?.();
    }
  };
  const jobs = shards.filter(({ staged }) => staged.via === 'job' && staged.records > 0);
  return new Map(jobs.map((shard) => [shard.staged.token, conduct(shard)]));
}

/** Takes the records that get another attempt, and stages them as the next round. */
function createNextRound(plan: BatchPlan, round: number, lastRound: number, troubles: Troubles) {
  const { log, options } = plan;
  const known = log.round(round + 1);
  // Without a client nothing more can be done so near to the deadline: another job would be stopped at once.
  const mayBegin = (): boolean => plan.singles !== undefined || plan.clock.now() < plan.lastJobAtMs;
  let stager: Stager | undefined;
  const open = (): Stager => {
    stager ??= createStager({ options, log, round: round + 1 }, limitsOfRound(plan, round + 1));
    return stager;
  };
  return {
    mayRetry: ({ errorCode }: { readonly errorCode: string }): boolean =>
      known.sourced !== undefined ||
      (mayBegin() && (round < lastRound || (errorCode === 'Deadline' && plan.singles !== undefined))),
    retry: async ({ record, reason, modelInput }: RetriedRecord): Promise<void> => {
      // Behind a job that could not be opened the order would be another one next time.
      if (troubles.error !== undefined) return;
      plan.retryBudget?.take(modelInput);
      const wait = open().push({ ...record, reason }, modelInput);
      if (wait !== undefined) await wait;
    },
    end: async (): Promise<void> => {
      if (stager === undefined) return;
      const shards = await endRound(plan, round + 1, stager);
      if (known.sourced !== undefined) return;
      const records = log.round(round + 1).shards.reduce((sum, { staged }) => sum + staged.records, 0);
      await log.append({ step: 'sourced', round: round + 1, shards, records });
    },
    abort: async (): Promise<void> => stager?.abort(),
  };
}

function failedJob({ jobArn, message }: NonNullable<Troubles['failedJob']>): BatchError {
  return new BatchError(
    'COSTKIT_BATCH_JOB_FAILED',
    `the job ${jobArn} ended as Failed: ${(message ?? 'no reason given').replace(/\.$/, '')}. What it had answered was handed on; mend the cause and run the batch again, which sends the others only`,
  );
}
