import { Money, type Receipt, type SpendGuard, type SpendReservation, type Tags } from '@costkit/core';
import type { BatchLog } from './batch-log.js';
import type { RetryBudget } from './batch-plan.js';
import { BatchError } from './errors.js';
import type { BatchClock, BatchResult } from './types.js';

/** What is held in budgets for a batch, from before its first job is created until the last is answered. */
export interface HeldBudget {
  /** Takes in a result of one of the jobs, and hands it on. */
  add(result: BatchResult): BatchResult;
  /** Hands a receipt to the guard, where that keeps them. */
  record(receipt: () => Receipt): void;
  /**
   * Nothing more comes: books what the results have cost. Where that is not certain, what is held stays held, for a later
   * run with the same journal, and in the end counts as spent.
   *
   * @param error - what has stopped the run.
   */
  close(error?: unknown): Promise<void>;
}

/** Where money is held, in whose name, by which time. */
export interface Budgeting {
  readonly budget: SpendGuard | undefined;
  readonly tags: Tags | undefined;
  readonly clock: BatchClock;
}

const NOTHING_HELD: HeldBudget = {
  add: (result) => result,
  record: () => undefined,
  close: () => Promise.resolve(),
};

/**
 * Holds what a batch can cost, or goes on with what is held already: the jobs of an interrupted run are being paid,
 * whether or not there is room.
 *
 * @param highest - the most that can be paid which is not yet, asked for when it is needed; `Money.zero`: nothing.
 */
export async function holdBudget(
  { budget, tags, clock }: Budgeting,
  log: BatchLog,
  highest: () => Money | undefined,
): Promise<HeldBudget> {
  if (budget === undefined) return NOTHING_HELD;
  const work = tags === undefined ? {} : { tags };
  const before = log.reserved;
  if (before !== undefined) {
    const amount = Money.fromPicoUsd(BigInt(before.picoUsd));
    const at = new Date(before.at);
    return held(await budget.reserve({ ...work, amount, at, id: before.token, committed: true }), log);
  }
  const amount = highest();
  if (amount === undefined) {
    throw new BatchError(
      'COSTKIT_BATCH_TOO_EXPENSIVE',
      'the worst case is unknown, so no "budget" can hold it. Give every record an inferenceConfig.maxTokens and no media that cannot be counted, and choose a model with a batch price',
    );
  }
  if (amount.picoUsd === 0n) return NOTHING_HELD;
  const at = clock.now();
  const reservation = await budget.reserve({ ...work, amount, at: new Date(at) });
  const { id: token } = reservation;
  try {
    await log.append({ step: 'reserved', token, at, picoUsd: String(amount.picoUsd) });
  } catch (error) {
    reservation.settle(Money.zero);
    throw error;
  }
  return held(reservation, log);
}

/** What is held once it is needed: until then nothing is. */
export interface LaterBudget extends HeldBudget, Pick<RetryBudget, 'hold'> {}

/** Makes one. @param begin - holds it. */
export function holdLater(begin: () => Promise<HeldBudget>): LaterBudget {
  let holding: Promise<void> | undefined;
  let budget = NOTHING_HELD;
  return {
    hold: () => {
      holding ??= begin().then((begun) => {
        budget = begun;
      });
      return holding;
    },
    add: (result) => budget.add(result),
    record: (receipt) => budget.record(receipt),
    close: (error) => budget.close(error),
  };
}

function held(reservation: SpendReservation, log: BatchLog): HeldBudget {
  let spent: Money | undefined = Money.zero;
  return {
    add: (result) => {
      // A record that failed is not billed; one whose price is unknown leaves all of it unknown.
      if (result.ok && result.mode === 'batch') {
        spent = result.cost === undefined ? undefined : spent?.plus(result.cost);
      }
      return result;
    },
    record: (receipt) => reservation.record?.(receipt()),
    close: async (error) => {
      const isComplete = error === undefined || isToldAtTheEnd(error);
      // A job that was about to be created may have been, whatever became of the answer.
      if (!isComplete && hasBegun(log)) return;
      reservation.settle(spent);
      await log.append({ step: 'settled', token: reservation.id });
    },
  };
}

/** All answers were handed on before these are thrown. */
const isToldAtTheEnd = (error: unknown): boolean =>
  BatchError.isInstance(error) && error.code === 'COSTKIT_BATCH_JOB_FAILED';

/** Whether something may have been paid. */
function hasBegun(log: BatchLog): boolean {
  for (let round = 0; round < log.rounds; round += 1) {
    for (const { creating } of log.round(round).shards) if (creating) return true;
  }
  return false;
}
