import { type GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBudgetEntry } from '../src/budget-entry.js';
import type { BudgetStore } from '../src/budget-store.js';
import { dynamoDbBudgetStore } from '../src/dynamodb.js';
import { contractAccount } from '../src/testing/contract-store.js';
import { budgetStoreContract } from '../src/testing.js';
import { type LocalTable, startLocalTable } from './dynamodb-table.js';

describe('dynamoDbBudgetStore', () => {
  let table: LocalTable;
  let prefixes = 0;
  beforeAll(async () => {
    table = await startLocalTable();
  });
  afterAll(() => table.stop());

  const cases = budgetStoreContract({
    open: ({ leaseMs, clock }) => {
      prefixes += 1;
      const { client, tableName } = table;
      const shared = { leaseMs, clock, tableName, prefix: `contract-${prefixes}`, timeoutMs: 20_000 };
      return {
        store: dynamoDbBudgetStore({ ...shared, client }),
        other: dynamoDbBudgetStore({ ...shared, client: DynamoDBDocumentClient.from(client) }),
      };
    },
  });
  it.each(cases)('$name', ({ run }) => run());

  /** A store of its own, by a clock that the test moves. */
  const open = (prefix: string): { store: BudgetStore; advance: (ms: number) => void } => {
    let nowMs = Date.now();
    const { client, tableName } = table;
    const store = dynamoDbBudgetStore({
      client,
      tableName,
      prefix,
      clock: { now: () => nowMs, monotonicMs: () => nowMs },
      timeoutMs: 20_000,
    });
    return {
      store,
      advance: (ms) => {
        nowMs += ms;
      },
    };
  };
  const itemOf = async (prefix: string): Promise<Record<string, unknown>> => {
    const { client, tableName } = table;
    const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));
    return Items.find((item) => item['pk']?.S?.startsWith(`${prefix}:`)) ?? {};
  };

  it('names the time at which an item may go, and leaves nothing else of calls that are settled', async () => {
    const { store } = open('tidy');
    const account = contractAccount({ limitPicoUsd: 1_000n });
    for (let index = 0; index < 5; index += 1) {
      const entry = createBudgetEntry([account], 7n);
      await store.reserve(entry);
      await store.settle(entry, 5n);
    }
    const start = new Date(account.startsAt).toISOString();
    expect(await itemOf('tidy')).toEqual({
      pk: { S: `tidy:daily:${start}:` },
      committed: { N: '25' },
      held: { N: '0' },
      expiresAt: { N: `${(account.endsAt + 900_000 + 60_000) / 1_000}` },
    });
  });

  it('forgets dead reservations after a while', async () => {
    const { store, advance } = open('forgetful');
    const account = contractAccount({ limitPicoUsd: 1_000n });
    await store.book(createBudgetEntry([account], 1n));
    await store.reserve(createBudgetEntry([account], 50n));
    expect(Object.keys(await itemOf('forgetful'))).toHaveLength(4 + 2);
    advance(900_000);
    await store.book(createBudgetEntry([account], 1n));
    expect(store.balance(account)).toEqual({ spentPicoUsd: 52n, reservedPicoUsd: 0n });
    advance(7 * 86_400_000);
    await store.book(createBudgetEntry([account], 1n));
    expect(Object.keys(await itemOf('forgetful'))).toHaveLength(4 + 1);
  });

  it('asks an account that looks full before the others', async () => {
    const { store } = open('polite');
    const [full, free] = [contractAccount(), contractAccount({ budget: 'free', limitPicoUsd: 1_000n })];
    await store.reserve(createBudgetEntry([free, full], 100n));
    const { client, tableName } = table;
    const sent: unknown[] = [];
    const watched = dynamoDbBudgetStore({
      client: {
        send: (command: GetItemCommand, ...rest: []) => {
          sent.push((command.input.Key as { pk: { S: string } }).pk.S.split(':')[1]);
          return client.send(command, ...rest);
        },
      },
      tableName,
      prefix: 'polite',
      timeoutMs: 20_000,
    });
    await watched.refresh?.([full]);
    sent.length = 0;
    expect(await watched.reserve(createBudgetEntry([free, full], 1n))).toMatchObject({ reserved: false });
    expect(new Set(sent)).toEqual(new Set(['daily']));
  });

  it('knows the fate of every account before it gives a reservation up, so that giving it back comes last', async () => {
    const { client, tableName } = table;
    const [failing, slow] = [contractAccount(), contractAccount({ budget: 'slow' })];
    const failure = new Error('no connection');
    const sent: Promise<unknown>[] = [];
    let turns = 50;
    const sendLate = async (command: GetItemCommand, rest: []): Promise<unknown> => {
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return client.send(command, ...rest);
    };
    const store = dynamoDbBudgetStore({
      client: {
        send: (command: GetItemCommand, ...rest: []) => {
          if (!JSON.stringify(command.input.Key).includes(':slow:')) return Promise.reject(failure);
          const late = sendLate(command, rest);
          sent.push(late);
          return late;
        },
      },
      tableName,
      prefix: 'slow',
      timeoutMs: 20_000,
    });
    const entry = createBudgetEntry([failing, slow], 10n);
    await expect(store.reserve(entry)).rejects.toBe(failure);
    turns = 0;
    await store.settle({ ...entry, accounts: [slow] }, 0n);
    await Promise.allSettled(sent);
    const { store: later } = open('slow');
    await later.refresh?.([slow]);
    expect(later.balance(slow)).toEqual({ spentPicoUsd: 0n, reservedPicoUsd: 0n });
  });

  it('says what is wrong with its options', () => {
    const { client, tableName } = table;
    for (const options of [
      {},
      { client },
      { tableName },
      { client: {}, tableName },
      { client, tableName, region: 'x' },
    ]) {
      expect(() => dynamoDbBudgetStore(options as never)).toThrow(
        expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION' }),
      );
    }
  });
});
