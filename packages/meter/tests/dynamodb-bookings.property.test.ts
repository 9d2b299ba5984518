import { type GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BudgetAccount } from '../src/budget.js';
import { createBudgetEntry } from '../src/budget-entry.js';
import type { BudgetEntry, BudgetStore } from '../src/budget-store.js';
import { dynamoDbBudgetStore } from '../src/dynamodb.js';
import { contractAccount } from '../src/testing/contract-store.js';
import { type LocalTable, startLocalTable } from './dynamodb-table.js';

const ACCOUNTS: readonly BudgetAccount[] = [
  contractAccount({ budget: 'watched', action: 'alert' }),
  contractAccount({ budget: 'tenant', value: 'acme', action: 'alert' }),
];
const STORES = 3;

/** What becomes of a request: it may arrive and its answer get lost, and it may arrive twice, once when all is over. */
const fate = fc.oneof(
  { weight: 4, arbitrary: fc.constant('answered' as const) },
  { weight: 1, arbitrary: fc.constantFrom('never arrives' as const, 'arrives unanswered' as const) },
  { weight: 1, arbitrary: fc.constantFrom('arrives much later' as const, 'arrives again later' as const) },
);
const booking = fc.record({
  by: fc.nat({ max: STORES - 1 }),
  accounts: fc.subarray([0, 1], { minLength: 1 }),
  amount: fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }),
  /** Bookings that are made together. */
  round: fc.nat({ max: 4 }),
});
type Booking = typeof booking extends fc.Arbitrary<infer One> ? One : never;
type Fate = typeof fate extends fc.Arbitrary<infer One> ? One : never;

describe('bookings in DynamoDB', () => {
  let table: LocalTable;
  let opened = 0;
  beforeAll(async () => {
    table = await startLocalTable();
  });
  afterAll(() => table.stop());

  /** Makes all bookings, as the meter does: again and again until each is there. Time passes meanwhile. */
  const make = async (
    bookings: readonly Booking[],
    fates: readonly Fate[],
    waitMs: number,
  ): Promise<string> => {
    opened += 1;
    const prefix = `bookings-${opened}`;
    let nowMs = Date.now();
    let sent = 0;
    const late: (() => Promise<unknown>)[] = [];
    const { client, tableName } = table;
    const unreliable = {
      send: async (command: GetItemCommand, ...rest: []): Promise<unknown> => {
        const deliver = (): Promise<unknown> => client.send(command, ...rest);
        const what = fates[sent] ?? 'answered';
        sent += 1;
        if (what === 'arrives much later') late.push(deliver);
        if (what === 'arrives again later') late.push(deliver);
        if (what === 'arrives unanswered') await deliver();
        if (what === 'answered' || what === 'arrives again later') return deliver();
        throw new Error('no connection');
      },
    };
    const stores = Array.from({ length: STORES }, () =>
      dynamoDbBudgetStore({
        client: unreliable,
        tableName,
        prefix,
        clock: { now: () => nowMs, monotonicMs: () => nowMs },
        timeoutMs: 20_000,
      }),
    );
    const arriveLate = async (): Promise<void> => {
      for (const deliver of late.splice(0)) await deliver().catch(() => undefined);
    };
    let waiting: { readonly entry: BudgetEntry; readonly store: BudgetStore }[] = [];
    for (let round = 0; round < 5 || waiting.length > 0; round += 1) {
      const fresh = bookings
        .filter((made) => made.round === round)
        .map(({ by, accounts, amount }) => ({
          entry: createBudgetEntry(
            accounts.map((place) => ACCOUNTS[place] as BudgetAccount),
            amount,
          ),
          store: stores[by] as BudgetStore,
        }));
      const told = [...fresh, ...waiting];
      const outcomes = await Promise.allSettled(told.map(async ({ entry, store }) => store.book(entry)));
      waiting = told.filter((_, place) => outcomes[place]?.status === 'rejected');
      nowMs += waitMs;
      if (round % 2 === 1) await arriveLate();
    }
    await arriveLate();
    return prefix;
  };

  it('are all there, each once, whatever gets lost, comes late or comes twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(booking, { maxLength: 25 }),
        fc.array(fate, { maxLength: 40 }),
        fc.constantFrom(1, 30_000, 1_200_000),
        async (bookings, fates, waitMs) => {
          const prefix = await make(bookings, fates, waitMs);
          const { client, tableName } = table;
          const reader = dynamoDbBudgetStore({ client, tableName, prefix, timeoutMs: 20_000 });
          await reader.refresh?.(ACCOUNTS);
          for (const [place, account] of ACCOUNTS.entries()) {
            const spentPicoUsd = bookings
              .filter(({ accounts }) => accounts.includes(place))
              .reduce((sum, { amount }) => sum + amount, 0n);
            expect(reader.balance(account)).toEqual({ spentPicoUsd, reservedPicoUsd: 0n });
          }
          const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));
          for (const item of Items.filter(({ pk }) => pk?.S?.startsWith(`${prefix}:`))) {
            expect(Object.keys(item).length).toBeLessThanOrEqual(4 + STORES);
          }
        },
      ),
      { numRuns: fc.readConfigureGlobal()?.numRuns ?? 40 },
    );
  });
});
