import type { Clock } from '@costkit/core';
import fc from 'fast-check';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from '../../../tools/vitest/redis-server.js';
import { requireServer } from '../../../tools/vitest/servers.js';
import type { BudgetAccount } from '../src/budget.js';
import { createBudgetEntry } from '../src/budget-entry.js';
import type { BudgetBalance, BudgetEntry, BudgetStore } from '../src/budget-store.js';
import { dynamoDbBudgetStore } from '../src/dynamodb.js';
import { memoryBudgetStore } from '../src/memory-budget-store.js';
import { redisBudgetStore } from '../src/redis.js';
import { contractAccount } from '../src/testing/contract-store.js';
import { type LocalTable, startLocalTable } from './dynamodb-table.js';

const LEASE_MS = 60_000;
const LIMIT = 3n * 10n ** 18n;
const ACCOUNTS: readonly BudgetAccount[] = [
  contractAccount({ budget: 'strict', limitPicoUsd: LIMIT }),
  contractAccount({ budget: 'tenant', value: 'acme', limitPicoUsd: LIMIT / 2n }),
  contractAccount({ budget: 'watched', action: 'alert', limitPicoUsd: 1n }),
];

/** Pico-dollars: some that a double holds, some that it does not, and some that carry into the next dollar. */
const amount = fc.oneof(
  fc.bigInt({ min: 0n, max: 10n ** 6n }),
  fc.bigInt({ min: 10n ** 12n - 2n, max: 10n ** 12n + 2n }),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 60n }),
);
const operation = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('reserve' as const),
      accounts: fc.subarray([0, 1, 2], { minLength: 1 }),
      amount,
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('settle' as const), pick: fc.nat(), spent: amount }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('book' as const),
      accounts: fc.subarray([0, 1, 2], { minLength: 1 }),
      amount,
      negative: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1, LEASE_MS / 2, LEASE_MS, 3 * LEASE_MS),
    }),
  },
);
type Operation = typeof operation extends fc.Arbitrary<infer One> ? One : never;

/** What every store must do, in the plainest words. */
function createModel(): {
  readonly balances: readonly { spentPicoUsd: bigint; reservedPicoUsd: bigint }[];
  reserve(entry: BudgetEntry): boolean;
  settle(entry: BudgetEntry, spent: bigint): void;
  book(entry: BudgetEntry): void;
  wait(ms: number): void;
} {
  const balances = ACCOUNTS.map(() => ({ spentPicoUsd: 0n, reservedPicoUsd: 0n }));
  const entries = new Map<string, { readonly entry: BudgetEntry; readonly endsAt: number; ended: boolean }>();
  let nowMs = 0;
  const balancesOf = ({ accounts }: BudgetEntry): typeof balances =>
    accounts.map((account) => balances[ACCOUNTS.indexOf(account)] as (typeof balances)[number]);
  return {
    balances,
    reserve: (entry) => {
      const fits = entry.accounts.every((account) => {
        const { spentPicoUsd, reservedPicoUsd } = balances[ACCOUNTS.indexOf(account)] as BudgetBalance;
        const sum = spentPicoUsd + reservedPicoUsd + entry.picoUsd;
        return account.action === 'alert' || sum <= account.limitPicoUsd;
      });
      if (!fits) return false;
      for (const balance of balancesOf(entry)) balance.reservedPicoUsd += entry.picoUsd;
      entries.set(entry.id, { entry, endsAt: nowMs + LEASE_MS, ended: false });
      return true;
    },
    settle: (entry, spent) => {
      const known = entries.get(entry.id);
      if (known === undefined) return;
      entries.delete(entry.id);
      for (const balance of balancesOf(entry)) {
        if (known.ended) balance.spentPicoUsd -= entry.picoUsd;
        else balance.reservedPicoUsd -= entry.picoUsd;
        balance.spentPicoUsd += spent;
      }
    },
    book: (entry) => {
      for (const balance of balancesOf(entry)) balance.spentPicoUsd += entry.picoUsd;
    },
    wait: (ms) => {
      nowMs += ms;
      for (const known of entries.values()) {
        if (known.ended || known.endsAt > nowMs) continue;
        known.ended = true;
        for (const balance of balancesOf(known.entry)) {
          balance.reservedPicoUsd -= known.entry.picoUsd;
          balance.spentPicoUsd += known.entry.picoUsd;
        }
      }
    },
  };
}

/** Does to stores what is done to the model: every operation through another one, which must make no difference. */
async function follow(
  operations: readonly Operation[],
  open: (clock: Clock) => readonly BudgetStore[],
): Promise<void> {
  let nowMs = Date.now();
  const stores = open({ now: () => nowMs, monotonicMs: () => nowMs });
  const model = createModel();
  const entries: BudgetEntry[] = [];
  for (const [index, operated] of operations.entries()) {
    const store = stores[index % stores.length] as BudgetStore;
    if (operated.do === 'wait') {
      nowMs += operated.ms;
      model.wait(operated.ms);
    } else if (operated.do === 'settle') {
      const entry = entries[operated.pick % Math.max(1, entries.length)];
      if (entry === undefined) continue;
      await store.settle(entry, operated.spent);
      model.settle(entry, operated.spent);
    } else {
      const accounts = operated.accounts.map((place) => ACCOUNTS[place] as BudgetAccount);
      if (operated.do === 'reserve') {
        const entry = createBudgetEntry(accounts, operated.amount);
        entries.push(entry);
        expect((await store.reserve(entry)).reserved).toBe(model.reserve(entry));
      } else {
        const entry = createBudgetEntry(accounts, operated.negative ? -operated.amount : operated.amount);
        await store.book(entry);
        model.book(entry);
      }
    }
    for (const seen of stores) {
      await seen.refresh?.(ACCOUNTS);
      expect(ACCOUNTS.map(seen.balance)).toEqual(model.balances);
    }
  }
}

const operations = fc.array(operation, { maxLength: 25 });
const runs = (few: number): number => fc.readConfigureGlobal()?.numRuns ?? few;
const redis = requireServer('redis', 'the balances of Redis beside those of memory');

describe('every budget store', () => {
  let server: RedisServer | undefined;
  let client: ReturnType<typeof createClient>;
  let table: LocalTable;
  let opened = 0;
  beforeAll(async () => {
    table = await startLocalTable();
    if (redis === undefined) return;
    server = await startRedis(redis);
    client = createClient({ url: server.url });
    await client.connect();
  });
  afterAll(async () => {
    await table.stop();
    if (server === undefined) return;
    await client.close();
    await server.stop();
  });

  it('holds in memory what the model holds', async () => {
    await fc.assert(
      fc.asyncProperty(operations, (done) =>
        follow(done, (clock) => [memoryBudgetStore({ leaseMs: LEASE_MS, clock })]),
      ),
      { numRuns: runs(300) },
    );
  });

  it.skipIf(redis === undefined)('holds in Redis what the model holds', async () => {
    await fc.assert(
      fc.asyncProperty(operations, (done) =>
        follow(done, (clock) => {
          opened += 1;
          const options = { client, clock, leaseMs: LEASE_MS, prefix: `property-${opened}` };
          return [redisBudgetStore(options), redisBudgetStore(options)];
        }),
      ),
      { numRuns: runs(60) },
    );
  });

  it('holds in DynamoDB what the model holds', async () => {
    const { client: dynamoDb, tableName } = table;
    await fc.assert(
      fc.asyncProperty(operations, (done) =>
        follow(done, (clock) => {
          opened += 1;
          const options = { client: dynamoDb, tableName, clock, leaseMs: LEASE_MS, timeoutMs: 20_000 };
          const prefix = `property-${opened}`;
          return [dynamoDbBudgetStore({ ...options, prefix }), dynamoDbBudgetStore({ ...options, prefix })];
        }),
      ),
      { numRuns: runs(8) },
    );
  });
});
