import { figuresOf } from './budget-books.js';
import type { ReserveOutcome } from './budget-store.js';
import { BudgetExceededError } from './errors.js';
import { usdOf } from './usd-of.js';

/** A store's refusal, as the error that the caller gets. */
export function budgetRefusal(
  { refusedBy, balance }: Extract<ReserveOutcome, { reserved: false }>,
  neededPicoUsd: bigint,
): BudgetExceededError {
  return new BudgetExceededError({
    ...figuresOf(refusedBy, balance.spentPicoUsd, balance.reservedPicoUsd),
    neededUsd: usdOf(neededPicoUsd),
  });
}
