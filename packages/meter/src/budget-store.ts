import { checkOptions, isPositiveInteger } from '@costkit/core';
import type { BudgetAccount } from './budget.js';
import { OTHER } from './dimensions.js';

/** What an account holds, in pico-dollars. */
export interface BudgetBalance {
  /** Booked in the period. */
  readonly spentPicoUsd: bigint;
  /** Held for calls that are on their way; what never settles stays held. */
  readonly reservedPicoUsd: bigint;
}

/** The answer to a reservation: `refusedBy` is the first account without room. */
export type ReserveOutcome =
  | { readonly reserved: true }
  | { readonly reserved: false; readonly refusedBy: BudgetAccount; readonly balance: BudgetBalance };

/**
 * Where budgets keep their balances. An implementation may be shared between processes; then `reserve` must be
 * one atomic step over all accounts, because checking first and booking later lets parallel calls overrun.
 */
export interface BudgetStore {
  /** Holds an amount in all accounts or in none. Accounts whose action is `alert` never refuse. */
  reserve(accounts: readonly BudgetAccount[], picoUsd: bigint): ReserveOutcome | Promise<ReserveOutcome>;
  /** Releases what was held and books what was spent. */
  settle(accounts: readonly BudgetAccount[], heldPicoUsd: bigint, spentPicoUsd: bigint): void | Promise<void>;
  /** The balance as this process last saw it. */
  balance(account: BudgetAccount): BudgetBalance;
}

/** What {@link memoryBudgetStore} takes. */
export interface MemoryBudgetStoreOptions {
  /**
   * Most accounts (budget × value × period). When they run out, accounts of past periods go; should that not
   * do, further values share one account of the name `(other)`, with the limit of one: too strict, never too
   * lax.
   *
   * @defaultValue 100_000
   */
  readonly maxAccounts?: number;
}

interface Balance {
  spentPicoUsd: bigint;
  reservedPicoUsd: bigint;
  readonly endsAt: number;
}

/** Balances of past periods are kept this long, so that a clock set back finds them. */
const GRACE_MS = 3_600_000;

const NOTHING: BudgetBalance = { spentPicoUsd: 0n, reservedPicoUsd: 0n };

const keyOf = ({ budget, startsAt }: BudgetAccount, value: string): string =>
  `${budget}\n${startsAt}\n${value}`;

// A call looks its accounts up several times, and calls in a row share them.
const ownKeys = new WeakMap<BudgetAccount, string>();

function ownKeyOf(account: BudgetAccount): string {
  let key = ownKeys.get(account);
  if (key === undefined) {
    key = keyOf(account, account.value);
    ownKeys.set(account, key);
  }
  return key;
}

/**
 * Balances within this process. Every step is synchronous, so no call can come between check and booking.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 */
export function memoryBudgetStore(options: MemoryBudgetStoreOptions = {}): BudgetStore {
  checkOptions<MemoryBudgetStoreOptions>('meter', options, { maxAccounts: isPositiveInteger });
  const { maxAccounts = 100_000 } = options;
  const balances = new Map<string, Balance>();
  let latestPeriod = Number.NEGATIVE_INFINITY;
  let prunedPeriod = Number.NEGATIVE_INFINITY;

  /** Forgets past periods; once per new period, because a full table of live accounts cannot shrink. */
  const prune = (): void => {
    if (prunedPeriod === latestPeriod) return;
    prunedPeriod = latestPeriod;
    for (const [key, { endsAt }] of balances) if (endsAt <= latestPeriod - GRACE_MS) balances.delete(key);
  };

  const find = (account: BudgetAccount): Balance => {
    const key = ownKeyOf(account);
    const present = balances.get(key);
    if (present !== undefined) return present;
    latestPeriod = Math.max(latestPeriod, account.startsAt);
    if (balances.size >= maxAccounts) prune();
    const usedKey = balances.size < maxAccounts ? key : keyOf(account, OTHER);
    let balance = balances.get(usedKey);
    if (balance === undefined) {
      balance = { spentPicoUsd: 0n, reservedPicoUsd: 0n, endsAt: account.endsAt };
      balances.set(usedKey, balance);
    }
    return balance;
  };

  return {
    reserve: (accounts, picoUsd) => {
      const found: Balance[] = [];
      for (const account of accounts) {
        const balance = find(account);
        found.push(balance);
        if (account.action === 'alert') continue;
        if (balance.spentPicoUsd + balance.reservedPicoUsd + picoUsd > account.limitPicoUsd) {
          return { reserved: false, refusedBy: account, balance: { ...balance } };
        }
      }
      for (const balance of found) balance.reservedPicoUsd += picoUsd;
      return { reserved: true };
    },
    settle: (accounts, heldPicoUsd, spentPicoUsd) => {
      for (const account of accounts) {
        const balance =
          balances.get(ownKeyOf(account)) ?? balances.get(keyOf(account, OTHER)) ?? find(account);
        // An account that shared "(other)" when it reserved may have one of its own by now: never below zero.
        const left = balance.reservedPicoUsd - heldPicoUsd;
        balance.reservedPicoUsd = left < 0n ? 0n : left;
        balance.spentPicoUsd += spentPicoUsd;
      }
    },
    balance: (account) => {
      const { spentPicoUsd, reservedPicoUsd } =
        balances.get(ownKeyOf(account)) ?? balances.get(keyOf(account, OTHER)) ?? NOTHING;
      return { spentPicoUsd, reservedPicoUsd };
    },
  };
}
