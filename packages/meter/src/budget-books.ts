import {
  type Attempt,
  type Call,
  type Clock,
  type Decision,
  perCall,
  type Receipt,
  type RequestView,
  type Tags,
} from '@costkit/core';
import { accountKey } from './account-key.js';
import type { BudgetAlert, StoreAlert } from './alert.js';
import type { BudgetAccount, ReadyBudget } from './budget.js';
import { createBudgetEntry } from './budget-entry.js';
import type { BudgetEntry, BudgetStore } from './budget-store.js';
import type { BudgetExceededError } from './errors.js';
import { recentKeys } from './recent-keys.js';
import { createReservationTrust, type ReservationTrust } from './reservation-trust.js';
import { createSettlementOutbox } from './settlement-outbox.js';
import { createStoreHealth, type StoreHealth } from './store-health.js';
import { usdOf } from './usd-of.js';

/** The name under which budgets stand in receipts; core runs it after every other `fit` lever. */
export const BUDGET_LEVER = 'budget';

/** What one call holds and has booked. */
export interface CallBudget {
  /** The accounts it counts in, from its tags and the time at which it began. */
  readonly accounts: readonly BudgetAccount[];
  /** Reserved for attempts that are on their way, oldest first. */
  readonly held: BudgetEntry[];
  booked: bigint;
  /** What an attempt cost is not known: what was reserved for it stays booked. */
  unknown: boolean;
  refusal: { readonly error: BudgetExceededError; readonly account: BudgetAccount } | undefined;
}

/** Keeps the books of all calls: what each holds, what was spent, which alerts were sent. */
export interface BudgetBooks {
  of(call: Call): CallBudget;
  /** The accounts that something with these tags counts in. */
  accountsOf(tags: Tags, at: Date): readonly BudgetAccount[];
  /** Releases what an entry holds and books what was spent, in all its accounts. */
  settle(entry: BudgetEntry, spentPicoUsd: bigint): void;
  /** Tells once per account. */
  alert(account: BudgetAccount, spentPicoUsd: bigint, reservedPicoUsd: bigint): void;
  /** Told whenever accounts have less reserved. */
  onFreed: ((accounts: readonly BudgetAccount[]) => void) | undefined;
  readonly health: StoreHealth;
  /** Learns from calls that have cost more than was reserved for them. */
  readonly trust: ReservationTrust;
  onAttempt(attempt: Attempt, view: RequestView, call: Call): void;
  /** An attempt costs nothing: what it held is free for the next one. */
  onRefused(call: Call): void;
  onReceipt(receipt: Receipt, call: Call): void;
  /** Books a cost that no call of this client made. */
  book(receipt: Receipt): void;
  /** Books an amount for which nothing is held. */
  bookAmount(accounts: readonly BudgetAccount[], picoUsd: bigint): void;
  /** Waits until the store has all settlements, but no longer than `timeoutMs`. */
  flush(timeoutMs: number): Promise<void>;
}

/** Alerts that are remembered, so that each is sent once. */
const ALERTS_REMEMBERED = 10_000;

export function createBudgetBooks(
  budgets: readonly ReadyBudget[],
  store: BudgetStore,
  clock: Clock,
  onAlert: (alert: BudgetAlert | StoreAlert) => void,
): BudgetBooks {
  const alerts = recentKeys(ALERTS_REMEMBERED);
  const trust = createReservationTrust();
  const health = createStoreHealth(clock, onAlert, () => outbox.answered());

  const accountsOf = (tags: Tags, at: Date): BudgetAccount[] => {
    const accounts: BudgetAccount[] = [];
    const atMs = at.getTime() + (store.clockOffsetMs ?? 0);
    for (const budget of budgets) {
      const account = budget.accountOf(tags, atMs);
      if (account !== undefined) accounts.push(account);
    }
    return accounts;
  };

  const of = perCall(
    (call): CallBudget => ({
      accounts: accountsOf(call.tags, call.startedAt),
      held: [],
      booked: 0n,
      unknown: false,
      refusal: undefined,
    }),
  );

  const alert = (account: BudgetAccount, spentPicoUsd: bigint, reservedPicoUsd: bigint): void => {
    if (!alerts.isNew(accountKey(account))) return;
    onAlert({ kind: 'budget', action: account.action, ...figuresOf(account, spentPicoUsd, reservedPicoUsd) });
  };

  const outbox = createSettlementOutbox(store, {
    onDelivered: (accounts) => {
      for (const account of accounts) {
        const { spentPicoUsd, reservedPicoUsd } = store.balance(account);
        if (spentPicoUsd > account.limitPicoUsd) alert(account, spentPicoUsd, reservedPicoUsd);
      }
      books.onFreed?.(accounts);
    },
    onFailed: (error) => health.failed(error),
  });

  const bookCost = (accounts: readonly BudgetAccount[], picoUsd: bigint): void => {
    if (picoUsd !== 0n) outbox.book(createBudgetEntry(accounts, picoUsd));
  };

  const books: BudgetBooks = {
    of,
    accountsOf,
    settle: outbox.settle,
    alert,
    onFreed: undefined,
    health,
    trust,
    onAttempt: (attempt, view, call) => {
      const state = of(call);
      const held = state.held.shift();
      if (state.accounts.length === 0) return;
      const known = isKnown(attempt, view) ? attempt.cost?.picoUsd : undefined;
      if (known === undefined) state.unknown = true;
      const spent = known ?? held?.picoUsd ?? attempt.cost?.picoUsd ?? 0n;
      if (held === undefined) bookCost(state.accounts, spent);
      else {
        outbox.settle(held, spent);
        if (spent > held.picoUsd) {
          trust.exceeded(attempt.servedModel);
          call.decide(exceeded(held.picoUsd, spent));
        }
      }
      state.booked += spent;
    },
    onRefused: (call) => {
      const held = of(call).held.shift();
      if (held !== undefined) outbox.settle(held, 0n);
    },
    onReceipt: (receipt, call) => {
      const state = of(call);
      if (state.accounts.length === 0) return;
      for (const neverSent of state.held.splice(0)) outbox.settle(neverSent, 0n);
      if (receipt.cost === undefined || state.unknown || nothingKnown(receipt)) return;
      const correction = receipt.cost.picoUsd - state.booked;
      bookCost(state.accounts, correction);
      state.booked += correction;
    },
    book: (receipt) => {
      const accounts = accountsOf(receipt.tags, receipt.startedAt);
      if (accounts.length > 0 && receipt.cost !== undefined) bookCost(accounts, receipt.cost.picoUsd);
    },
    bookAmount: bookCost,
    flush: outbox.flush,
  };
  return books;
}

/**
 * Whether anything tells what an attempt cost. Of an answer that never came the receipt estimates the input alone, and of
 * one that was cut off it leaves out media, whose tokens no text says.
 */
function isKnown({ complete, usage }: Attempt, { features }: RequestView): boolean {
  const { images, documents, video, audio } = features;
  return complete || (usage.output > 0 && !(images || documents || video || audio));
}

/** Money that is spent is booked, whatever was reserved for it, and it is said. */
function exceeded(reservedPicoUsd: bigint, spentPicoUsd: bigint): Decision {
  return {
    lever: BUDGET_LEVER,
    mode: 'enforce',
    action: 'exceeded its reservation',
    reason: `The call cost $${usdOf(spentPicoUsd)}, and $${usdOf(reservedPicoUsd)} were reserved for it. All of it is booked.`,
  };
}

/** A queued call is answered without an attempt of its own: its receipt says nothing about its cost. */
function nothingKnown(receipt: Receipt): boolean {
  return receipt.attempts.length === 0 && receipt.error === undefined;
}

/** An account's figures, for alerts and errors. */
export function figuresOf(
  { budget, scope, limitPicoUsd, endsAt }: BudgetAccount,
  spentPicoUsd: bigint,
  reservedPicoUsd: bigint,
): Omit<BudgetAlert, 'kind' | 'action'> {
  return {
    budget,
    scope,
    limitUsd: usdOf(limitPicoUsd),
    spentUsd: usdOf(spentPicoUsd),
    reservedUsd: usdOf(reservedPicoUsd),
    ...(Number.isFinite(endsAt) ? { resetsAt: new Date(endsAt) } : {}),
  };
}
