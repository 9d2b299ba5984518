import { type Clock, checkOptions, isPositiveInteger, systemClock } from '@costkit/core';
import { accountKey, accountKeyOf } from './account-key.js';
import type { BudgetAccount } from './budget.js';
import type { BudgetBalance, BudgetStore } from './budget-store.js';
import { OTHER } from './dimensions.js';
import { hasMethods } from './has-methods.js';

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
  /**
   * Milliseconds after which a reservation that nothing was heard of counts as spent. A settlement that comes
   * later corrects it.
   *
   * @defaultValue 900_000
   */
  readonly leaseMs?: number;
  /** Time by which reservations end. @defaultValue the machine's clock */
  readonly clock?: Clock;
}

interface Balance {
  spentPicoUsd: bigint;
  reservedPicoUsd: bigint;
  readonly endsAt: number;
}

interface Lease {
  readonly balances: readonly Balance[];
  readonly picoUsd: bigint;
  readonly expiresAt: number;
}

/** Reservations end after this time, in every store. */
export const DEFAULT_LEASE_MS = 900_000;

/** Balances of past periods are kept this long, so that a clock set back finds them. */
const GRACE_MS = 3_600_000;
/** What has ended can be settled for so long, in every store. */
const REMEMBER_ENDED_MS = 7 * 86_400_000;

const NOTHING: BudgetBalance = { spentPicoUsd: 0n, reservedPicoUsd: 0n };

/**
 * Balances within this process. Every step is synchronous, so no call can come between check and booking.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * const meter = createMeter({ budgets, store: memoryBudgetStore({ maxAccounts: 10_000 }) });
 * ```
 */
export function memoryBudgetStore(options: MemoryBudgetStoreOptions = {}): BudgetStore {
  checkOptions<MemoryBudgetStoreOptions>('meter', options, {
    maxAccounts: isPositiveInteger,
    leaseMs: isPositiveInteger,
    clock: hasMethods('now'),
  });
  const { maxAccounts = 100_000, leaseMs = DEFAULT_LEASE_MS, clock = systemClock } = options;
  const balances = new Map<string, Balance>();
  // By the id of their entry, oldest first. Those that have ended are kept for those who settle late.
  const leases = new Map<string, Lease>();
  const ended = new Map<string, Lease>();
  let nextEnd = Number.POSITIVE_INFINITY;
  let latestPeriod = Number.NEGATIVE_INFINITY;
  let prunedPeriod = Number.NEGATIVE_INFINITY;

  /** Forgets past periods; once per new period, because a full table of live accounts cannot shrink. */
  const prune = (): void => {
    if (prunedPeriod === latestPeriod) return;
    prunedPeriod = latestPeriod;
    for (const [key, { endsAt }] of balances) if (endsAt <= latestPeriod - GRACE_MS) balances.delete(key);
  };

  const lookUp = (account: BudgetAccount): Balance | undefined =>
    balances.get(accountKey(account)) ?? balances.get(accountKeyOf(account, OTHER));

  const find = (account: BudgetAccount): Balance => {
    const key = accountKey(account);
    const present = balances.get(key);
    if (present !== undefined) return present;
    latestPeriod = Math.max(latestPeriod, account.startsAt);
    if (balances.size >= maxAccounts) prune();
    const usedKey = balances.size < maxAccounts ? key : accountKeyOf(account, OTHER);
    let balance = balances.get(usedKey);
    if (balance === undefined) {
      balance = { spentPicoUsd: 0n, reservedPicoUsd: 0n, endsAt: account.endsAt };
      balances.set(usedKey, balance);
    }
    return balance;
  };

  /** Nobody has settled these in time: they count as spent. */
  const endLeases = (now: number): void => {
    if (now < nextEnd) return;
    nextEnd = Number.POSITIVE_INFINITY;
    for (const [id, lease] of leases) {
      if (lease.expiresAt > now) {
        nextEnd = lease.expiresAt;
        break;
      }
      leases.delete(id);
      ended.set(id, lease);
      for (const balance of lease.balances) {
        balance.reservedPicoUsd -= lease.picoUsd;
        balance.spentPicoUsd += lease.picoUsd;
      }
    }
    for (const [id, { expiresAt }] of ended) {
      if (expiresAt + REMEMBER_ENDED_MS > now) break;
      ended.delete(id);
    }
  };

  return {
    reserve: (entry) => {
      const { id, accounts, picoUsd } = entry;
      const now = clock.now();
      endLeases(now);
      // Work that goes on where it was interrupted holds its amount already.
      if (leases.has(id) || ended.has(id)) return { reserved: true };
      const found: Balance[] = [];
      for (const account of accounts) {
        const balance = find(account);
        found.push(balance);
        if (account.action === 'alert') continue;
        if (balance.spentPicoUsd + balance.reservedPicoUsd + picoUsd > account.limitPicoUsd) {
          const { spentPicoUsd, reservedPicoUsd } = balance;
          return { reserved: false, refusedBy: account, balance: { spentPicoUsd, reservedPicoUsd } };
        }
      }
      for (const balance of found) balance.reservedPicoUsd += picoUsd;
      const expiresAt = now + leaseMs;
      leases.set(id, { balances: found, picoUsd, expiresAt });
      if (expiresAt < nextEnd) nextEnd = expiresAt;
      return { reserved: true };
    },
    settle: ({ id }, spentPicoUsd) => {
      const lease = leases.get(id);
      if (lease !== undefined) {
        leases.delete(id);
        for (const balance of lease.balances) {
          balance.reservedPicoUsd -= lease.picoUsd;
          balance.spentPicoUsd += spentPicoUsd;
        }
        return;
      }
      const late = ended.get(id);
      if (late === undefined) return;
      ended.delete(id);
      for (const balance of late.balances) balance.spentPicoUsd += spentPicoUsd - late.picoUsd;
    },
    book: ({ accounts, picoUsd }) => {
      for (const account of accounts) find(account).spentPicoUsd += picoUsd;
    },
    balance: (account) => {
      endLeases(clock.now());
      const { spentPicoUsd, reservedPicoUsd } = lookUp(account) ?? NOTHING;
      return { spentPicoUsd, reservedPicoUsd };
    },
  };
}
