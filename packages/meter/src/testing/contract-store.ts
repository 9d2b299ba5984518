import assert from 'node:assert/strict';
import type { Clock } from '@costkit/core';
import type { BudgetAccount } from '../budget.js';
import { createBudgetEntry } from '../budget-entry.js';
import type { BudgetEntry, BudgetStore, ReserveOutcome } from '../budget-store.js';
import type { BudgetStoreContractCase, BudgetStoreContractOptions } from './budget-store-contract.js';

/** How long a reservation lasts in the suite. */
export const LEASE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Servers forget what is over by their own clock, so the suite runs today. */
const TODAY = Math.floor(Date.now() / DAY_MS) * DAY_MS;

/** An account of today. */
export function contractAccount(fields: Partial<BudgetAccount> = {}): BudgetAccount {
  return {
    budget: 'daily',
    value: '',
    scope: 'all',
    limitPicoUsd: 100n,
    action: 'block',
    waitMs: 0,
    onUnreachable: 'block',
    startsAt: TODAY,
    endsAt: TODAY + DAY_MS,
    ...fields,
  };
}

/** A store under test. */
export interface ContractStore {
  readonly store: BudgetStore;
  readonly other: BudgetStore | undefined;
  /** Lets time pass. */
  advance(ms: number): void;
  /** Reserves what there must be room for. */
  reserve(accounts: readonly BudgetAccount[], picoUsd: bigint, by?: BudgetStore): Promise<BudgetEntry>;
  /** The account that refuses, or `undefined`. */
  refusal(accounts: readonly BudgetAccount[], picoUsd: bigint): Promise<BudgetAccount | undefined>;
  /** Asserts what an account holds: spent, reserved. */
  holds(account: BudgetAccount, spentPicoUsd: bigint, reservedPicoUsd: bigint): Promise<void>;
}

/** Makes a case that runs on a store of its own. */
export function contractCase(
  { open }: BudgetStoreContractOptions,
  name: string,
  check: (store: ContractStore) => Promise<void>,
): BudgetStoreContractCase {
  return {
    name,
    run: async () => {
      let nowMs = Date.now();
      const clock: Clock = { now: () => nowMs, monotonicMs: () => nowMs };
      const { store, other, close } = await open({ leaseMs: LEASE_MS, clock });
      const reserveBy = async (by: BudgetStore, entry: BudgetEntry): Promise<ReserveOutcome> =>
        by.reserve(entry);
      try {
        await store.open?.();
        await check({
          store,
          other,
          advance: (ms) => {
            nowMs += ms;
          },
          reserve: async (accounts, picoUsd, by = store) => {
            const entry = createBudgetEntry(accounts, picoUsd);
            assert.deepEqual(await reserveBy(by, entry), { reserved: true });
            return entry;
          },
          refusal: async (accounts, picoUsd) => {
            const outcome = await store.reserve(createBudgetEntry(accounts, picoUsd));
            return outcome.reserved ? undefined : outcome.refusedBy;
          },
          holds: async (account, spentPicoUsd, reservedPicoUsd) => {
            for (const view of other === undefined ? [store] : [store, other]) {
              await view.refresh?.([account]);
              assert.deepEqual(view.balance(account), { spentPicoUsd, reservedPicoUsd });
            }
          },
        });
      } finally {
        await close?.();
      }
    },
  };
}
