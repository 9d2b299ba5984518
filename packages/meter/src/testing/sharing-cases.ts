import assert from 'node:assert/strict';
import { createBudgetEntry } from '../budget-entry.js';
import type { BudgetStore } from '../budget-store.js';
import type { BudgetStoreContractCase, BudgetStoreContractOptions } from './budget-store-contract.js';
import { contractAccount as account, contractCase, LEASE_MS } from './contract-store.js';

const BURST = 60;

/** What calls in parallel, and processes, do to each other. A store that nobody shares passes them alone. */
export function sharingCases(options: BudgetStoreContractOptions): readonly BudgetStoreContractCase[] {
  return [
    contractCase(
      options,
      'grants a burst exactly what there is room for',
      async ({ store, other, holds }) => {
        const stores: readonly BudgetStore[] = [store, other ?? store];
        const accounts = [account(), account({ budget: 'larger', limitPicoUsd: 1_000n })];
        const outcomes = await Promise.all(
          Array.from({ length: BURST }, async (_, index) => {
            const entry = createBudgetEntry(accounts, 3n);
            const by = stores[index % 2] as BudgetStore;
            return { entry, by, ...(await by.reserve(entry)) };
          }),
        );
        const granted = outcomes.filter(({ reserved }) => reserved);
        assert.equal(granted.length, 33);
        for (const one of accounts) await holds(one, 0n, 99n);
        await Promise.all(granted.map(({ by, entry }) => by.settle(entry, 2n)));
        for (const one of accounts) await holds(one, 66n, 0n);
      },
    ),
    contractCase(options, 'lets any process settle', async ({ store, other = store, reserve, holds }) => {
      const entry = await reserve([account()], 50n);
      if (other === store) return;
      await other.settle(entry, 20n);
      await store.settle(entry, 20n);
      await holds(account(), 20n, 0n);
    }),
    contractCase(options, 'takes what another process has left as spent', async (contract) => {
      const { store, other = store, reserve, holds, advance, refusal } = contract;
      await reserve([account()], 50n, other);
      advance(LEASE_MS);
      await holds(account(), 50n, 0n);
      assert.deepEqual(await refusal([account()], 51n), account());
    }),
    contractCase(options, 'counts once what it is told twice', async ({ store, other, reserve, holds }) => {
      const entry = await reserve([account()], 50n);
      // By its id: work that was interrupted goes on with an entry of its own making.
      assert.deepEqual(await store.reserve({ ...entry }), { reserved: true });
      await holds(account(), 0n, 50n);
      // A store that nobody shares is told of no booking twice: no answer of it gets lost. A process repeats its own.
      if (other === undefined) return;
      const booking = createBudgetEntry([account()], 5n);
      await store.book(booking);
      await store.book(booking);
      await holds(account(), 5n, 50n);
    }),
  ];
}
