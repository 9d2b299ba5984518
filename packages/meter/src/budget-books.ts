import type { Attempt, Call, Receipt, Tags } from '@costkit/core';
import type { BudgetAlert } from './alert.js';
import type { BudgetAccount, ReadyBudget } from './budget.js';
import type { BudgetStore } from './budget-store.js';
import type { BudgetExceededError } from './errors.js';
import { recentKeys } from './recent-keys.js';
import { usdOf } from './usd-of.js';

/** The name under which budgets stand in receipts; core runs it after every other `fit` lever. */
export const BUDGET_LEVER = 'budget';

/** What one call holds and has booked. */
export interface CallBudget {
  /** The accounts it counts in, from its tags and the time at which it began. */
  readonly accounts: readonly BudgetAccount[];
  /** Reserved for attempts that are on their way, oldest first; pico-dollars. */
  readonly held: bigint[];
  booked: bigint;
  /** An attempt has no known price: what was reserved for it stays booked. */
  unpriced: boolean;
  refusal: { readonly error: BudgetExceededError; readonly account: BudgetAccount } | undefined;
}

/** Keeps the books of all calls: what each holds, what was spent, which alerts were sent. */
export interface BudgetBooks {
  of(call: Call): CallBudget;
  /** Releases what is held and books what was spent, in all accounts. */
  settle(accounts: readonly BudgetAccount[], heldPicoUsd: bigint, spentPicoUsd: bigint): void;
  /** Tells once per account. */
  alert(account: BudgetAccount, spentPicoUsd: bigint, reservedPicoUsd: bigint): void;
  onAttempt(attempt: Attempt, call: Call): void;
  onReceipt(receipt: Receipt, call: Call): void;
  /** Books a cost that no call of this client made. */
  book(receipt: Receipt): void;
}

/** Alerts that are remembered, so that each is sent once. */
const ALERTS_REMEMBERED = 10_000;

export function createBudgetBooks(
  budgets: readonly ReadyBudget[],
  store: BudgetStore,
  onAlert: (alert: BudgetAlert) => void,
): BudgetBooks {
  const calls = new WeakMap<Call, CallBudget>();
  const alerts = recentKeys(ALERTS_REMEMBERED);

  const accountsOf = (tags: Tags, at: Date): BudgetAccount[] => {
    const accounts: BudgetAccount[] = [];
    for (const budget of budgets) {
      const account = budget.accountOf(tags, at.getTime());
      if (account !== undefined) accounts.push(account);
    }
    return accounts;
  };

  const of = (call: Call): CallBudget => {
    let state = calls.get(call);
    if (state === undefined) {
      const accounts = accountsOf(call.tags, call.startedAt);
      state = { accounts, held: [], booked: 0n, unpriced: false, refusal: undefined };
      calls.set(call, state);
    }
    return state;
  };

  const alert = (account: BudgetAccount, spentPicoUsd: bigint, reservedPicoUsd: bigint): void => {
    if (!alerts.isNew(`${account.budget}\n${account.startsAt}\n${account.value}`)) return;
    onAlert({ kind: 'budget', action: account.action, ...figuresOf(account, spentPicoUsd, reservedPicoUsd) });
  };

  const settle = (accounts: readonly BudgetAccount[], held: bigint, spent: bigint): void => {
    const settled = store.settle(accounts, held, spent);
    // A store that cannot be reached keeps the reservation: too strict, never too lax.
    if (settled instanceof Promise) settled.catch(() => undefined);
    for (const account of accounts) {
      const { spentPicoUsd, reservedPicoUsd } = store.balance(account);
      if (spentPicoUsd > account.limitPicoUsd) alert(account, spentPicoUsd, reservedPicoUsd);
    }
  };

  return {
    of,
    settle,
    alert,
    onAttempt: (attempt, call) => {
      const state = of(call);
      const held = state.held.shift();
      if (state.accounts.length === 0) return;
      if (attempt.cost === undefined) state.unpriced = true;
      const spent = attempt.cost?.picoUsd ?? held ?? 0n;
      settle(state.accounts, held ?? 0n, spent);
      state.booked += spent;
    },
    onReceipt: (receipt, call) => {
      const state = of(call);
      if (state.accounts.length === 0) return;
      const neverSent = state.held.splice(0).reduce((sum, held) => sum + held, 0n);
      const correction =
        receipt.cost === undefined || state.unpriced || nothingKnown(receipt)
          ? 0n
          : receipt.cost.picoUsd - state.booked;
      if (neverSent !== 0n || correction !== 0n) settle(state.accounts, neverSent, correction);
      state.booked += correction;
    },
    book: (receipt) => {
      const accounts = accountsOf(receipt.tags, receipt.startedAt);
      if (accounts.length > 0 && receipt.cost !== undefined) settle(accounts, 0n, receipt.cost.picoUsd);
    },
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
