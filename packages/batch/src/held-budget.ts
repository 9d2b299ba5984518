import { Money, type SpendGuard, type SpendReservation, type Tags } from '@costkit/core';
import { BatchError } from './errors.js';
import type { Journal, JournalEntry } from './journal.js';
import { type JournalledJob, journalledJobs } from './journal-steps.js';
import type { BatchClock, BatchResult } from './types.js';

/** What is held in budgets for the jobs of a batch, from before the first is staged until the last is answered. */
export interface HeldBudget {
  /** Takes in a result of one of the jobs, and hands it on. */
  add(result: BatchResult): BatchResult;
  /**
   * Nothing more comes: books what the results have cost. Where that is not certain, what is held stays held, for a later
   * run with the same journal, and in the end counts as spent.
   *
   * @param error - what has stopped the run.
   */
  close(error?: unknown): Promise<void>;
}

/** Where money is held, in whose name, by which time. */
interface Budgeting {
  readonly budget: SpendGuard | undefined;
  readonly tags: Tags | undefined;
  readonly clock: BatchClock;
}

type Reserved = Extract<JournalEntry, { step: 'reserved' }>;

const NOTHING_HELD: HeldBudget = { add: (result) => result, close: () => Promise.resolve() };

/** What another process, or an earlier run, holds and has not settled. */
async function heldBefore(journal: Journal): Promise<Reserved | undefined> {
  let held: Reserved | undefined;
  for (const entry of await journal.entries()) {
    if (entry.step === 'reserved') held = entry;
    else if (entry.step === 'settled' && entry.token === held?.token) held = undefined;
  }
  return held;
}

/**
 * Holds what new jobs can cost, or goes on with what is held already: the jobs of an interrupted run are being paid,
 * whether or not there is room.
 *
 * @param highest - the most that the jobs can cost which the journal does not know yet, asked for when it is needed;
 * `undefined` where there are none.
 */
export async function holdBudget(
  { budget, tags, clock }: Budgeting,
  journal: Journal,
  highest: (() => Promise<Money | undefined>) | undefined,
): Promise<HeldBudget> {
  if (budget === undefined) return NOTHING_HELD;
  const work = tags === undefined ? {} : { tags };
  const before = await heldBefore(journal);
  if (before !== undefined) {
    const amount = Money.fromPicoUsd(BigInt(before.picoUsd));
    const at = new Date(before.at);
    return held(await budget.reserve({ ...work, amount, at, id: before.token, committed: true }), journal);
  }
  if (highest === undefined) return NOTHING_HELD;
  const amount = await highest();
  if (amount === undefined) {
    throw new BatchError(
      'COSTKIT_BATCH_TOO_EXPENSIVE',
      'the worst case is unknown, so no "budget" can hold it. Give every record an inferenceConfig.maxTokens and no media that cannot be counted, and choose a model with a batch price',
    );
  }
  const at = clock.now();
  const reservation = await budget.reserve({ ...work, amount, at: new Date(at) });
  const { id: token } = reservation;
  try {
    await journal.append({ step: 'reserved', token, at, picoUsd: String(amount.picoUsd) });
  } catch (error) {
    reservation.settle(Money.zero);
    throw error;
  }
  return held(reservation, journal);
}

function held(reservation: SpendReservation, journal: Journal): HeldBudget {
  let spent: Money | undefined = Money.zero;
  return {
    add: (result) => {
      // A record that failed is not billed; one whose price is unknown leaves all of it unknown.
      if (result.ok) spent = result.cost === undefined ? undefined : spent?.plus(result.cost);
      return result;
    },
    close: async (error) => {
      const jobs = await jobsUnder(reservation.id, journal);
      const complete = error === undefined || isFailedJob(error);
      // A job that is staged may have been created, whatever became of the answer.
      const ended = complete && jobs.every(({ status }) => status !== undefined);
      if (jobs.length > 0 && !ended) return;
      reservation.settle(spent);
      await journal.append({ step: 'settled', token: reservation.id });
    },
  };
}

/** Its answers were handed on before it was thrown. */
const isFailedJob = (error: unknown): boolean =>
  BatchError.isInstance(error) && error.code === 'COSTKIT_BATCH_JOB_FAILED';

/** The jobs that were staged since the reservation. */
async function jobsUnder(token: string, journal: Journal): Promise<readonly JournalledJob[]> {
  const entries = await journal.entries();
  const since = entries.findLastIndex((entry) => entry.step === 'reserved' && entry.token === token);
  const staged = new Set(
    entries.slice(since).flatMap((entry) => (entry.step === 'staged' ? [entry.token] : [])),
  );
  return (await journalledJobs(journal)).filter((job) => staged.has(job.staged.token));
}
