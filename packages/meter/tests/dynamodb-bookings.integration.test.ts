import { type GetItemCommand, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBudgetEntry } from '../src/budget-entry.js';
import type { BudgetStore } from '../src/budget-store.js';
import { dynamoDbBudgetStore } from '../src/dynamodb.js';
import { contractAccount } from '../src/testing/contract-store.js';
import { type LocalTable, startLocalTable } from './dynamodb-table.js';

const ACCOUNT = contractAccount({ action: 'alert' });

describe('bookings in DynamoDB', () => {
  let table: LocalTable;
  let nowMs = Date.now();
  let writes = 0;
  let units = 0;
  let mostUnits = 0;
  /** What becomes of the next requests; they are answered where it says nothing. */
  const fates: ('lost' | 'unanswered')[] = [];
  beforeAll(async () => {
    table = await startLocalTable();
  });
  afterAll(() => table.stop());

  const watched = {
    send: async (command: GetItemCommand | UpdateItemCommand, ...rest: []): Promise<unknown> => {
      const fate = fates.shift();
      if (fate === 'lost') throw new Error('no connection');
      if (!(command instanceof UpdateItemCommand)) return table.client.send(command, ...rest);
      command.input.ReturnConsumedCapacity = 'TOTAL';
      const output = await table.client.send(command, ...rest);
      const { CapacityUnits: used = 0 } = output.ConsumedCapacity ?? {};
      writes += 1;
      units += used;
      mostUnits = Math.max(mostUnits, used);
      if (fate === 'unanswered') throw new Error('no answer');
      return output;
    },
  };
  /** One process's store, by a clock that the test moves. */
  const open = (prefix: string): BudgetStore => {
    writes = 0;
    units = 0;
    mostUnits = 0;
    const clock = { now: () => nowMs, monotonicMs: () => nowMs };
    return dynamoDbBudgetStore({
      client: watched,
      tableName: table.tableName,
      prefix,
      clock,
      timeoutMs: 20_000,
    });
  };
  const marksOf = async (prefix: string): Promise<number> => {
    const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.tableName }));
    const item = Items.find(({ pk }) => pk?.S?.startsWith(`${prefix}:`)) ?? {};
    return Object.keys(item).filter((name) => name.startsWith('booked:')).length;
  };

  it('cost no more however many come: one mark says for all of a process that they are there', async () => {
    const [store, other] = [open('many'), open('many')];
    const told = 14_000;
    // 200 a second for 70 seconds: an item that names each of them outgrows what DynamoDB takes.
    for (let index = 0; index < told / 100; index += 1) {
      nowMs += 500;
      const by = index % 2 === 0 ? store : other;
      await Promise.all(Array.from({ length: 100 }, async () => by.book(createBudgetEntry([ACCOUNT], 3n))));
    }
    await store.refresh?.([ACCOUNT]);
    expect(store.balance(ACCOUNT)).toEqual({ spentPicoUsd: 3n * BigInt(told), reservedPicoUsd: 0n });
    expect(await marksOf('many')).toBe(2);
    expect(mostUnits).toBe(1);
    // The first of a hundred is written alone, what comes meanwhile as one.
    expect(writes).toBeLessThanOrEqual((2 * told) / 100 + 1);
    expect(units).toBe(writes);
  });

  it('count once whose answer got lost before the store was away for hours', async () => {
    const [store, other] = [open('away'), open('away')];
    const entries = [5n, 7n].map((amount) => createBudgetEntry([ACCOUNT], amount));
    await other.book(createBudgetEntry([ACCOUNT], 1n));
    fates.push('unanswered');
    const first = await Promise.allSettled(entries.map(async (entry) => store.book(entry)));
    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    for (let hour = 0; hour < 20; hour += 1) {
      nowMs += 3_600_000;
      fates.push('lost');
      await expect(store.book(entries[0] as (typeof entries)[0])).rejects.toThrow('no connection');
      await other.book(createBudgetEntry([ACCOUNT], 1n));
    }
    for (const entry of entries) await store.book(entry);
    await store.refresh?.([ACCOUNT]);
    expect(store.balance(ACCOUNT)).toEqual({ spentPicoUsd: 5n + 7n + 21n, reservedPicoUsd: 0n });
  });

  it('count once in each account where one of them fails', async () => {
    const store = open('half');
    const accounts = [ACCOUNT, contractAccount({ budget: 'other' })];
    const entry = createBudgetEntry(accounts, 5n);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      fates.push('lost', ...(attempt === 0 ? [] : ['lost' as const]));
      await expect(store.book(entry)).rejects.toThrow('no connection');
      fates.length = 0;
      await store.book(createBudgetEntry([accounts[1] as typeof ACCOUNT], 1n));
    }
    await store.book(entry);
    await store.refresh?.(accounts);
    expect(accounts.map((account) => store.balance(account).spentPicoUsd)).toEqual([5n, 5n + 3n]);
  });

  it('leave few marks of processes that come, book once and go', async () => {
    for (let index = 0; index < 300; index += 1) {
      nowMs += 1_000;
      await open('fleeting').book(createBudgetEntry([ACCOUNT], 1n));
    }
    const store = open('fleeting');
    await store.refresh?.([ACCOUNT]);
    expect(store.balance(ACCOUNT).spentPicoUsd).toBe(300n);
    expect(await marksOf('fleeting')).toBeLessThanOrEqual(125);
  });

  it('forget processes of which nothing was heard for a day', async () => {
    const [gone, store] = [open('gone'), open('gone')];
    await gone.book(createBudgetEntry([ACCOUNT], 1n));
    nowMs += 86_399_999;
    await store.book(createBudgetEntry([ACCOUNT], 1n));
    expect(await marksOf('gone')).toBe(2);
    nowMs += 60_000;
    await store.book(createBudgetEntry([ACCOUNT], 1n));
    expect(await marksOf('gone')).toBe(1);
  });
});
