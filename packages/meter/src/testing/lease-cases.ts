import assert from 'node:assert/strict';
import { createBudgetEntry } from '../budget-entry.js';
import type { BudgetStoreContractCase, BudgetStoreContractOptions } from './budget-store-contract.js';
import { contractAccount as account, contractCase, LEASE_MS } from './contract-store.js';

/** What becomes of reservations. */
export function leaseCases(options: BudgetStoreContractOptions): readonly BudgetStoreContractCase[] {
  return [
    contractCase(options, 'takes as spent what nobody settles in its time', async (contract) => {
      const { reserve, holds, advance, refusal } = contract;
      await reserve([account()], 60n);
      advance(LEASE_MS - 1);
      await reserve([account()], 30n);
      await holds(account(), 0n, 90n);
      advance(1);
      await holds(account(), 60n, 30n);
      assert.deepEqual(await refusal([account()], 11n), account());
    }),
    contractCase(options, 'lets a late settlement correct it', async ({ store, reserve, holds, advance }) => {
      const entry = await reserve([account(), account({ budget: 'other' })], 60n);
      advance(2 * LEASE_MS);
      await holds(account(), 60n, 0n);
      await store.settle(entry, 25n);
      await holds(account(), 25n, 0n);
      await holds(account({ budget: 'other' }), 25n, 0n);
    }),
    contractCase(options, 'settles late where nobody has looked meanwhile', async (contract) => {
      const { store, reserve, holds, advance } = contract;
      const entry = await reserve([account()], 60n);
      advance(2 * LEASE_MS);
      await store.settle(entry, 25n);
      await holds(account(), 25n, 0n);
    }),
    contractCase(options, 'settles once', async ({ store, reserve, holds, advance }) => {
      const [early, late] = [await reserve([account()], 20n), await reserve([account()], 30n)];
      await store.settle(early, 5n);
      await store.settle(early, 5n);
      advance(2 * LEASE_MS);
      await store.settle(late, 7n);
      await store.settle(late, 7n);
      await store.settle(early, 5n);
      await holds(account(), 12n, 0n);
    }),
    contractCase(
      options,
      'changes nothing when told to settle what it does not hold',
      async ({ store, refusal, holds }) => {
        await store.settle(createBudgetEntry([account()], 50n), 40n);
        await holds(account(), 0n, 0n);
        const small = account({ limitPicoUsd: 10n });
        const refused = createBudgetEntry([small], 50n);
        await store.reserve(refused);
        await store.settle(refused, 40n);
        await holds(small, 0n, 0n);
        assert.equal(await refusal([small], 10n), undefined);
      },
    ),
  ];
}
