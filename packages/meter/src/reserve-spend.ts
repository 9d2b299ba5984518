import { currentTags, type LeverMode, type PlannedSpend, type SpendReservation } from '@costkit/core';
import type { BudgetBooks } from './budget-books.js';
import { createBudgetEntry } from './budget-entry.js';
import { budgetRefusal } from './budget-refusal.js';
import type { BudgetEntry, BudgetStore } from './budget-store.js';
import { BudgetStoreError } from './errors.js';

/** What reserves for work as a whole. */
export interface SpendSurroundings {
  readonly books: BudgetBooks;
  readonly store: BudgetStore;
  readonly mode: LeverMode;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Holds what work as a whole can cost. It does not wait for room, as a call does: what does not fit now would wait for
 * hours of other calls. The reservation is a lease as those of calls are: work that runs longer counts as spent in the
 * meantime, and is corrected once it is settled.
 */
export async function reserveSpend(
  { books, store, mode, now }: SpendSurroundings,
  { amount, tags = currentTags(), at = new Date(now), id, committed = false }: PlannedSpend,
): Promise<SpendReservation> {
  const accounts = mode === 'off' ? [] : books.accountsOf(tags, at);
  const made = createBudgetEntry(accounts, amount.picoUsd);
  const entry: BudgetEntry = id === undefined ? made : { ...made, id };
  const holds = mode === 'enforce' && accounts.length > 0 && (await hold(entry, books, store, committed));
  let settled = false;
  return {
    id: entry.id,
    settle: (spent) => {
      if (settled) return;
      settled = true;
      const picoUsd = spent?.picoUsd ?? entry.picoUsd;
      if (holds) books.settle(entry, picoUsd);
      else if (accounts.length > 0) books.bookAmount(accounts, picoUsd);
    },
  };
}

/** Whether the amount is held; where it is not, it is only booked afterwards. */
async function hold(
  entry: BudgetEntry,
  books: BudgetBooks,
  store: BudgetStore,
  committed: boolean,
): Promise<boolean> {
  let outcome: Awaited<ReturnType<BudgetStore['reserve']>>;
  try {
    outcome = await store.reserve(entry);
  } catch (error) {
    // It may hold the amount all the same.
    books.settle(entry, 0n);
    books.health.failed(error);
    const strict = entry.accounts.find(({ onUnreachable }) => onUnreachable === 'block');
    if (strict !== undefined && !committed) throw new BudgetStoreError(strict.budget, error);
    return false;
  }
  books.health.answered();
  if (outcome.reserved) return true;
  const { refusedBy, balance } = outcome;
  books.alert(refusedBy, balance.spentPicoUsd, balance.reservedPicoUsd);
  if (!committed) throw budgetRefusal(outcome, entry.picoUsd);
  return false;
}
