import assert from 'node:assert/strict';
import { createBudgetEntry } from '../budget-entry.js';
import type { BudgetStoreContractCase, BudgetStoreContractOptions } from './budget-store-contract.js';
import { contractAccount as account, contractCase } from './contract-store.js';

const DAY_MS = 86_400_000;

/** Values that a store must keep apart, whatever it makes its keys of. */
const VALUES = [
  '',
  ' ',
  'acme',
  'ACME',
  'acme:eu',
  'acme/eu',
  '{acme}',
  'a\nb',
  '#a',
  'Zoë',
  '客户',
  'x'.repeat(256),
];

/** What is spent, held and refused. */
export function balanceCases(options: BudgetStoreContractOptions): readonly BudgetStoreContractCase[] {
  return [
    contractCase(
      options,
      'gives room up to the limit and not beyond',
      async ({ reserve, refusal, holds }) => {
        await reserve([account()], 60n);
        assert.deepEqual(await refusal([account()], 41n), account());
        await reserve([account()], 40n);
        await holds(account(), 0n, 100n);
      },
    ),
    contractCase(options, 'says in a refusal what the account holds', async ({ store, reserve }) => {
      await store.settle(await reserve([account()], 60n), 50n);
      await reserve([account()], 20n);
      const outcome = await store.reserve(createBudgetEntry([account()], 31n));
      assert.deepEqual(outcome, {
        reserved: false,
        refusedBy: account(),
        balance: { spentPicoUsd: 50n, reservedPicoUsd: 20n },
      });
    }),
    contractCase(
      options,
      'refuses everything but nothing where the limit is 0',
      async ({ reserve, refusal }) => {
        const closed = account({ limitPicoUsd: 0n });
        await reserve([closed], 0n);
        assert.deepEqual(await refusal([closed], 1n), closed);
      },
    ),
    contractCase(options, 'frees at settlement what was not spent', async ({ store, reserve, holds }) => {
      const entry = await reserve([account()], 100n);
      await store.settle(entry, 30n);
      await holds(account(), 30n, 0n);
      await reserve([account()], 70n);
    }),
    contractCase(
      options,
      'books more than was reserved where more was spent',
      async ({ store, reserve, holds }) => {
        await store.settle(await reserve([account()], 10n), 130n);
        await holds(account(), 130n, 0n);
      },
    ),
    contractCase(options, 'reserves in all accounts or in none', async ({ reserve, refusal, holds }) => {
      const accounts = [
        account({ budget: 'a' }),
        account({ budget: 'b', limitPicoUsd: 10n }),
        account({ budget: 'c' }),
      ];
      assert.deepEqual(await refusal(accounts, 50n), accounts[1]);
      for (const one of accounts) await holds(one, 0n, 0n);
      await reserve(accounts, 10n);
      for (const one of accounts) await holds(one, 0n, 10n);
    }),
    contractCase(
      options,
      'counts for accounts that only alert, and never refuses for them',
      async ({ reserve, holds }) => {
        const alerting = account({ action: 'alert', limitPicoUsd: 1n });
        await reserve([alerting], 50n);
        await holds(alerting, 0n, 50n);
      },
    ),
    contractCase(
      options,
      'books without a reservation, corrections too',
      async ({ store, refusal, holds }) => {
        await store.book(createBudgetEntry([account()], 90n));
        await store.book(createBudgetEntry([account()], -15n));
        await holds(account(), 75n, 0n);
        assert.deepEqual(await refusal([account()], 26n), account());
      },
    ),
    contractCase(
      options,
      'adds up in any order: a correction may come first',
      async ({ store, reserve, holds }) => {
        const entry = await reserve([account()], 50n);
        await store.book(createBudgetEntry([account()], -20n));
        await store.settle(entry, 40n);
        await holds(account(), 20n, 0n);
      },
    ),
    contractCase(
      options,
      'starts anew with a period, and settles where it reserved',
      async ({ store, reserve, holds }) => {
        const today = account();
        const tomorrow = account({ startsAt: today.startsAt + DAY_MS, endsAt: today.endsAt + DAY_MS });
        const entry = await reserve([today], 100n);
        await reserve([tomorrow], 100n);
        await store.settle(entry, 80n);
        await holds(today, 80n, 0n);
        await holds(tomorrow, 0n, 100n);
      },
    ),
    contractCase(options, 'keeps an account without periods', async ({ reserve, refusal }) => {
      const total = account({ startsAt: Number.NEGATIVE_INFINITY, endsAt: Number.POSITIVE_INFINITY });
      await reserve([total], 100n);
      assert.deepEqual(await refusal([total], 1n), total);
    }),
    contractCase(
      options,
      'goes by the limit of each call: limits may change',
      async ({ reserve, refusal }) => {
        await reserve([account()], 100n);
        assert.notEqual(await refusal([account({ limitPicoUsd: 149n })], 50n), undefined);
        await reserve([account({ limitPicoUsd: 150n })], 50n);
        assert.notEqual(await refusal([account({ limitPicoUsd: 20n })], 0n), undefined);
      },
    ),
    contractCase(options, 'keeps values apart', async ({ reserve, holds }) => {
      for (const [index, value] of VALUES.entries()) await reserve([account({ value })], BigInt(index + 1));
      for (const [index, value] of VALUES.entries()) await holds(account({ value }), 0n, BigInt(index + 1));
    }),
    ...[10n ** 12n, 2n ** 53n, 2n ** 63n, 10n ** 24n].map((limitPicoUsd) =>
      contractCase(options, `is exact to the pico-dollar at ${limitPicoUsd}`, async (contract) => {
        const { store, reserve, refusal, holds } = contract;
        const large = account({ limitPicoUsd });
        const part = (limitPicoUsd * 6n) / 10n;
        const entry = await reserve([large], part);
        assert.deepEqual(await refusal([large], limitPicoUsd - part + 1n), large);
        await reserve([large], limitPicoUsd - part);
        assert.deepEqual(await refusal([large], 1n), large);
        await store.settle(entry, part - 1n);
        assert.deepEqual(await refusal([large], 2n), large);
        await reserve([large], 1n);
        await holds(large, part - 1n, limitPicoUsd - part + 1n);
      }),
    ),
  ];
}
