import { describe, expect, it } from 'vitest';
import type { BudgetAccount } from './budget.js';
import { type BudgetStore, memoryBudgetStore } from './budget-store.js';

const HOUR_MS = 3_600_000;
const account = (fields: Partial<BudgetAccount> = {}): BudgetAccount => ({
  budget: 'daily',
  value: '',
  scope: 'all',
  limitPicoUsd: 100n,
  action: 'block',
  startsAt: 0,
  endsAt: 24 * HOUR_MS,
  ...fields,
});
const reserved = (store: BudgetStore, accounts: readonly BudgetAccount[], amount: bigint): boolean =>
  (store.reserve(accounts, amount) as { reserved: boolean }).reserved;

describe('memoryBudgetStore', () => {
  it('gives room up to the limit and not beyond', () => {
    const store = memoryBudgetStore();
    expect(reserved(store, [account()], 60n)).toBe(true);
    expect(reserved(store, [account()], 41n)).toBe(false);
    expect(reserved(store, [account()], 40n)).toBe(true);
    expect(store.balance(account())).toEqual({ spentPicoUsd: 0n, reservedPicoUsd: 100n });
  });

  it('frees at settlement what was not spent', () => {
    const store = memoryBudgetStore();
    void store.reserve([account()], 100n);
    void store.settle([account()], 100n, 30n);
    expect(store.balance(account())).toEqual({ spentPicoUsd: 30n, reservedPicoUsd: 0n });
    expect(reserved(store, [account()], 70n)).toBe(true);
  });

  it('reserves in all accounts or in none', () => {
    const store = memoryBudgetStore();
    const small = account({ budget: 'small', limitPicoUsd: 10n });
    expect(store.reserve([account(), small], 50n)).toMatchObject({ reserved: false, refusedBy: small });
    expect(store.balance(account()).reservedPicoUsd).toBe(0n);
  });

  it('never refuses for an account that only alerts, but counts it', () => {
    const store = memoryBudgetStore();
    const alerting = account({ action: 'alert', limitPicoUsd: 1n });
    expect(reserved(store, [alerting], 50n)).toBe(true);
    expect(store.balance(alerting).reservedPicoUsd).toBe(50n);
  });

  it('starts anew with a period, and settles a call where it began', () => {
    const store = memoryBudgetStore();
    const [first, second] = [account(), account({ startsAt: 24 * HOUR_MS, endsAt: 48 * HOUR_MS })];
    void store.reserve([first], 100n);
    expect(reserved(store, [second], 100n)).toBe(true);
    void store.settle([first], 100n, 80n);
    expect(store.balance(first)).toEqual({ spentPicoUsd: 80n, reservedPicoUsd: 0n });
    expect(store.balance(second)).toEqual({ spentPicoUsd: 0n, reservedPicoUsd: 100n });
  });

  it('forgets past periods when it needs their place', () => {
    const store = memoryBudgetStore({ maxAccounts: 3 });
    for (let index = 0; index < 3; index += 1) void store.reserve([account({ value: `${index}` })], 10n);
    const later = { startsAt: 48 * HOUR_MS, endsAt: 72 * HOUR_MS };
    for (let index = 0; index < 3; index += 1)
      expect(reserved(store, [account({ value: `${index}`, ...later })], 100n)).toBe(true);
    expect(store.balance(account({ value: '0' })).reservedPicoUsd).toBe(0n);
  });

  it('lets values beyond its size share one limit: stricter, never laxer', () => {
    const store = memoryBudgetStore({ maxAccounts: 2 });
    for (const value of ['a', 'b']) expect(reserved(store, [account({ value })], 100n)).toBe(true);
    expect(reserved(store, [account({ value: 'c' })], 60n)).toBe(true);
    expect(reserved(store, [account({ value: 'd' })], 60n)).toBe(false);
    expect(store.balance(account({ value: 'd' })).reservedPicoUsd).toBe(60n);
    void store.settle([account({ value: 'c' })], 60n, 20n);
    expect(reserved(store, [account({ value: 'd' })], 60n)).toBe(true);
    // The accounts that have their own place are as they were.
    expect(store.balance(account({ value: 'a' })).reservedPicoUsd).toBe(100n);
  });

  it('never frees more than an account holds', () => {
    const store = memoryBudgetStore();
    void store.settle([account()], 500n, 10n);
    expect(store.balance(account())).toEqual({ spentPicoUsd: 10n, reservedPicoUsd: 0n });
  });

  it.each([{ maxAccounts: Number.NaN }, { maxAccounts: 0 }, { most: 1 }])('refuses %o', (options) => {
    expect(() => memoryBudgetStore(options as never)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION' }),
    );
  });
});
