import { describe, expect, it } from 'vitest';
import type { BudgetAccount } from './budget.js';
import { createBudgetEntry } from './budget-entry.js';
import type { BudgetEntry, BudgetStore } from './budget-store.js';
import { memoryBudgetStore } from './memory-budget-store.js';

const HOUR_MS = 3_600_000;
const account = (fields: Partial<BudgetAccount> = {}): BudgetAccount => ({
  budget: 'daily',
  value: '',
  scope: 'all',
  limitPicoUsd: 100n,
  action: 'block',
  waitMs: 0,
  onUnreachable: 'block',
  startsAt: 0,
  endsAt: 24 * HOUR_MS,
  ...fields,
});
const reserved = (store: BudgetStore, accounts: readonly BudgetAccount[], amount: bigint): boolean =>
  (store.reserve(createBudgetEntry(accounts, amount)) as { reserved: boolean }).reserved;
/** Reserves what there must be room for. */
function reserve(store: BudgetStore, accounts: readonly BudgetAccount[], amount: bigint): BudgetEntry {
  const entry = createBudgetEntry(accounts, amount);
  expect(store.reserve(entry)).toEqual({ reserved: true });
  return entry;
}

describe('memoryBudgetStore', () => {
  it('forgets past periods when it needs their place', () => {
    const store = memoryBudgetStore({ maxAccounts: 3 });
    for (let index = 0; index < 3; index += 1) reserve(store, [account({ value: `${index}` })], 10n);
    const later = { startsAt: 48 * HOUR_MS, endsAt: 72 * HOUR_MS };
    for (let index = 0; index < 3; index += 1)
      expect(reserved(store, [account({ value: `${index}`, ...later })], 100n)).toBe(true);
    expect(store.balance(account({ value: '0' })).reservedPicoUsd).toBe(0n);
  });

  it('lets values beyond its size share one limit: stricter, never laxer', () => {
    const store = memoryBudgetStore({ maxAccounts: 2 });
    for (const value of ['a', 'b']) reserve(store, [account({ value })], 100n);
    const held = reserve(store, [account({ value: 'c' })], 60n);
    expect(reserved(store, [account({ value: 'd' })], 60n)).toBe(false);
    expect(store.balance(account({ value: 'd' })).reservedPicoUsd).toBe(60n);
    void store.settle(held, 20n);
    expect(reserved(store, [account({ value: 'd' })], 60n)).toBe(true);
    // The accounts that have their own place are as they were.
    expect(store.balance(account({ value: 'a' })).reservedPicoUsd).toBe(100n);
  });

  it('settles where it reserved, also when another account has got a place meanwhile', () => {
    const store = memoryBudgetStore({ maxAccounts: 2 });
    reserve(store, [account({ value: 'a', endsAt: HOUR_MS })], 10n);
    reserve(store, [account({ value: 'b', endsAt: HOUR_MS })], 10n);
    const held = reserve(store, [account({ value: 'c', endsAt: 99 * HOUR_MS })], 60n);
    reserve(store, [account({ value: 'd', startsAt: 48 * HOUR_MS, endsAt: 72 * HOUR_MS })], 1n);
    void store.settle(held, 50n);
    expect(store.balance(account({ value: 'c' }))).toEqual({ spentPicoUsd: 50n, reservedPicoUsd: 0n });
  });

  it('holds 100,000 values of a budget', () => {
    const store = memoryBudgetStore();
    const tenant = (index: number): BudgetAccount =>
      account({ value: `tenant-${index}`, limitPicoUsd: 1_000_000n });
    for (let index = 0; index < 110_000; index += 1) {
      const entry = createBudgetEntry([tenant(index)], 2n);
      void store.reserve(entry);
      void store.settle(entry, 1n);
    }
    expect(store.balance(tenant(99_999)).spentPicoUsd).toBe(1n);
    expect(store.balance(tenant(109_999)).spentPicoUsd).toBe(10_000n);
  });

  it.each([{ maxAccounts: Number.NaN }, { maxAccounts: 0 }, { most: 1 }, { leaseMs: -1 }, { clock: 7 }])(
    'refuses %o',
    (options) => {
      expect(() => memoryBudgetStore(options as never)).toThrow(
        expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION' }),
      );
    },
  );
});
