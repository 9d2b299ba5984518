import { type BudgetAccount, type BudgetEntry, memoryBudgetStore } from '@costkit/meter';
import { redisBudgetStore } from '@costkit/meter/redis';
import { createClient } from 'redis';
import { startRedis } from '../tools/vitest/redis-server.js';
import { requireServer } from '../tools/vitest/servers.js';
import type { Comparison } from './comparison.js';

const NEVER = Number.POSITIVE_INFINITY;
const accountOf = (budget: string): BudgetAccount => ({
  budget,
  value: '',
  scope: 'all',
  limitPicoUsd: 10n ** 30n,
  action: 'block',
  waitMs: 0,
  onUnreachable: 'block',
  startsAt: -NEVER,
  endsAt: NEVER,
});
const ONE = [accountOf('account')];
const THREE = ['account', 'team', 'feature'].map(accountOf);
const RESERVED = 5_000_000_000n;
const SPENT = 2_000_000_000n;

let entries = 0;
function entryOf(accounts: readonly BudgetAccount[]): BudgetEntry {
  entries += 1;
  return { id: `process-${entries.toString(36)}`, accounts, picoUsd: RESERVED };
}

/** A budget check in memory, beside a counter that parallel calls overrun. */
function inMemory(): Comparison {
  const store = memoryBudgetStore();
  const limit = 10n ** 30n;
  const spent = new Map([['account', 0n]]);
  const reserveAndSettle = (accounts: readonly BudgetAccount[]): void => {
    const entry = entryOf(accounts);
    void store.reserve(entry);
    void store.settle(entry, SPENT);
  };
  return {
    title: 'check a budget before a call, book after it',
    baseline: 'a counter: compare, then add',
    cases: {
      'a counter: compare, then add': () => {
        const before = spent.get('account') ?? 0n;
        if (before < limit) spent.set('account', before + SPENT);
      },
      'reserve and settle, one budget': () => reserveAndSettle(ONE),
      'reserve and settle, three budgets': () => reserveAndSettle(THREE),
    },
    limits: [
      { case: 'reserve and settle, one budget', atMostUs: 2 },
      { case: 'reserve and settle, three budgets', atMostUs: 2 },
    ],
  };
}

/** A budget check over Redis, beside the cheapest command that counts. */
async function overRedis(): Promise<readonly Comparison[]> {
  const server = requireServer('redis', 'the benchmark of budgets over Redis');
  if (server === undefined) return [];
  const redis = await startRedis(server);
  const client = createClient({ url: redis.url });
  await client.connect();
  const store = redisBudgetStore({ client });
  const reserve = async (accounts: readonly BudgetAccount[]): Promise<void> => {
    const entry = entryOf(accounts);
    await store.reserve(entry);
    await store.settle(entry, SPENT);
  };
  return [
    {
      title: 'the same over Redis on this machine, both round trips',
      baseline: 'INCRBY, twice',
      cases: {
        'INCRBY, twice': async () => {
          await client.incrBy('count', 1);
          await client.incrBy('count', 1);
        },
        'reserve and settle, one budget': () => reserve(ONE),
        'reserve and settle, three budgets': () => reserve(THREE),
      },
      close: async () => {
        await client.close();
        await redis.stop();
      },
    },
  ];
}

export async function comparisons(): Promise<readonly Comparison[]> {
  return [inMemory(), ...(await overRedis())];
}
