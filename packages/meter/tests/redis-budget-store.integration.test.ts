import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from '../../../tools/vitest/redis-server.js';
import { requireServer } from '../../../tools/vitest/servers.js';
import { createBudgetEntry } from '../src/budget-entry.js';
import type { BudgetStore } from '../src/budget-store.js';
import { type RedisClientLike, redisBudgetStore } from '../src/redis.js';
import { contractAccount } from '../src/testing/contract-store.js';
import { budgetStoreContract } from '../src/testing.js';

const redis = requireServer('redis', 'budgets shared through Redis');

describe.skipIf(redis === undefined)('redisBudgetStore', () => {
  let server: RedisServer;
  let nodeRedis: ReturnType<typeof createClient>;
  let ioRedis: Redis;
  let prefixes = 0;
  beforeAll(async () => {
    server = await startRedis(redis as NonNullable<typeof redis>);
    nodeRedis = createClient({ url: server.url });
    await nodeRedis.connect();
    ioRedis = new Redis(server.url);
  });
  afterAll(async () => {
    await Promise.all([nodeRedis.close(), ioRedis.quit()]);
    await server.stop();
  });

  const cases = budgetStoreContract({
    open: ({ leaseMs, clock }) => {
      prefixes += 1;
      const shared = { leaseMs, clock, prefix: `contract-${prefixes}` };
      return {
        store: redisBudgetStore({ ...shared, client: nodeRedis }),
        other: redisBudgetStore({ ...shared, client: ioRedis }),
      };
    },
  });
  it.each(cases)('$name', ({ run }) => run());

  it('takes any client through a function', async () => {
    const client: RedisClientLike = (command) => nodeRedis.sendCommand([...command]);
    const store = redisBudgetStore({ client, prefix: 'function' });
    expect(await store.reserve(createBudgetEntry([contractAccount()], 70n))).toEqual({ reserved: true });
    expect(await store.reserve(createBudgetEntry([contractAccount()], 70n))).toMatchObject({
      reserved: false,
    });
  });

  it('sends its script anew to a server that has forgotten it', async () => {
    const store = redisBudgetStore({ client: ioRedis, prefix: 'flushed' });
    await store.open?.();
    await ioRedis.script('FLUSH');
    expect(await store.reserve(createBudgetEntry([contractAccount()], 70n))).toEqual({ reserved: true });
  });

  it('counts once what two processes book under one id', async () => {
    const [store, other] = [nodeRedis, ioRedis].map((client) =>
      redisBudgetStore({ client, prefix: 'repeated' }),
    ) as [BudgetStore, BudgetStore];
    const booking = createBudgetEntry([contractAccount()], 5n);
    await store.book(booking);
    await other.book(booking);
    expect(other.balance(contractAccount()).spentPicoUsd).toBe(5n);
  });

  it('asks once for a reservation, over all accounts', async () => {
    let commands = 0;
    const client: RedisClientLike = (command) => {
      commands += 1;
      return nodeRedis.sendCommand([...command]);
    };
    const store = redisBudgetStore({ client, prefix: 'counted' });
    await store.open?.();
    commands = 0;
    const accounts = ['a', 'b', 'c'].map((budget) => contractAccount({ budget }));
    await store.reserve(createBudgetEntry(accounts, 7n));
    expect(commands).toBe(1);
  });

  it('lets keys expire after their period, and what a reservation lasts', async () => {
    const store = redisBudgetStore({ client: nodeRedis, prefix: 'expiring', leaseMs: 5_000 });
    const account = contractAccount();
    await store.reserve(createBudgetEntry([account], 7n));
    await store.reserve(
      createBudgetEntry([contractAccount({ startsAt: -Infinity, endsAt: Infinity, budget: 'total' })], 7n),
    );
    const keys = (await nodeRedis.keys('{expiring}*')).sort();
    const times = await Promise.all(keys.map((key) => nodeRedis.pExpireTime(key)));
    const ends = account.endsAt + 5_000 + 60_000;
    expect(Object.fromEntries(keys.map((key, index) => [key, times[index]]))).toEqual({
      [`{expiring}:balance:daily:${new Date(account.startsAt).toISOString()}:`]: ends,
      [`{expiring}:entries:daily:${new Date(account.startsAt).toISOString()}:`]: ends,
      '{expiring}:balance:total:total:': -1,
      '{expiring}:entries:total:total:': -1,
    });
  });

  it('keeps all accounts of a call in one slot of a cluster', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'costkit-cluster-'));
    const cluster = await startRedis(redis as NonNullable<typeof redis>, [
      '--cluster-enabled',
      'yes',
      '--dir',
      folder,
    ]);
    const client = createClient({ url: cluster.url });
    await client.connect();
    await client.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
    while (!(await client.sendCommand<string>(['CLUSTER', 'INFO'])).includes('cluster_state:ok'))
      await turn();
    const store = redisBudgetStore({ client });
    await store.open?.();
    const accounts = ['a', 'b', 'c'].map((budget) => contractAccount({ budget, value: `{${budget}}` }));
    const entry = createBudgetEntry(accounts, 7n);
    expect(await store.reserve(entry)).toEqual({ reserved: true });
    await store.settle(entry, 5n);
    expect(accounts.map(store.balance)).toEqual(
      accounts.map(() => ({ spentPicoUsd: 5n, reservedPicoUsd: 0n })),
    );
    await client.close();
    await cluster.stop();
    await rm(folder, { recursive: true });
  });

  it('leaves nothing behind of calls that are settled', async () => {
    const store = redisBudgetStore({ client: nodeRedis, prefix: 'tidy' });
    for (let index = 0; index < 50; index += 1) {
      const entry = createBudgetEntry([contractAccount({ limitPicoUsd: 1_000n })], 7n);
      await store.reserve(entry);
      await store.settle(entry, 5n);
    }
    const [balance = ''] = await nodeRedis.keys('{tidy}:*');
    expect(await nodeRedis.keys('{tidy}:*')).toHaveLength(1);
    expect(await nodeRedis.hGetAll(balance)).toEqual({
      spentUsd: '0',
      spentPico: '250',
      heldUsd: '0',
      heldPico: '0',
    });
  });
});
