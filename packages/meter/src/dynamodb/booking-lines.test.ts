import { describe, expect, it } from 'vitest';
import { createBudgetEntry } from '../budget-entry.js';
import { contractAccount } from '../testing/contract-store.js';
import { type BookingLines, createBookingLines } from './booking-lines.js';

const [daily, monthly] = [contractAccount(), contractAccount({ budget: 'monthly' })];

interface Written {
  readonly budget: string;
  readonly picoUsd: bigint;
  readonly mark: number;
}

/** Accounts that have what came with a mark larger than the last, after some turns of the event loop. */
function setUp(turns: () => number = () => 1): {
  readonly lines: BookingLines;
  readonly written: Written[];
  readonly spent: Map<string, bigint>;
  /** What becomes of the next writes; they arrive where it says nothing. */
  readonly fates: ('lost' | 'unanswered')[];
} {
  const written: Written[] = [];
  const spent = new Map<string, bigint>();
  const marks = new Map<string, number>();
  const fates: ('lost' | 'unanswered')[] = [];
  const lines = createBookingLines(
    async ({ budget }, picoUsd, mark) => {
      written.push({ budget, picoUsd, mark });
      const fate = fates.shift();
      for (let turn = turns(); turn > 0; turn -= 1) await new Promise((resolve) => setImmediate(resolve));
      if (fate === 'lost') throw new Error('no connection');
      if (mark > (marks.get(budget) ?? 0)) {
        marks.set(budget, mark);
        spent.set(budget, (spent.get(budget) ?? 0n) + picoUsd);
      }
      if (fate === 'unanswered') throw new Error('no answer within 2000 ms');
    },
    () => 1_000.5,
  );
  return { lines, written, spent, fates };
}

describe('createBookingLines', () => {
  it('adds up what comes while an account is written to, and lets other accounts alone', async () => {
    const { lines, written } = setUp();
    await Promise.all([
      ...[1n, 2n, 3n, 4n].map((amount) => lines.book(daily, createBudgetEntry([daily], amount))),
      lines.book(monthly, createBudgetEntry([monthly], 5n)),
    ]);
    expect(written).toEqual([
      { budget: 'daily', picoUsd: 1n, mark: 1_000 },
      { budget: 'monthly', picoUsd: 5n, mark: 1_001 },
      { budget: 'daily', picoUsd: 9n, mark: 1_002 },
    ]);
  });

  it('writes what may have arrived as it was, before anything else', async () => {
    const { lines, written, spent, fates } = setUp();
    fates.push('unanswered', 'lost');
    const [first, second] = [createBudgetEntry([daily], 1n), createBudgetEntry([daily], 2n)];
    await expect(lines.book(daily, first)).rejects.toThrow('no answer within 2000 ms');
    await expect(lines.book(daily, second)).rejects.toThrow('no connection');
    await lines.book(daily, second);
    await lines.book(daily, first);
    expect(written.map(({ picoUsd, mark }) => [picoUsd, mark])).toEqual([
      [1n, 1_000],
      [1n, 1_000],
      [1n, 1_000],
      [2n, 1_001],
    ]);
    expect(spent.get('daily')).toBe(3n);
  });

  it('counts once what waited for a write that failed', async () => {
    const { lines, spent, fates } = setUp();
    const entries = [1n, 2n, 4n, 8n].map((amount) => createBudgetEntry([daily], amount));
    fates.push('unanswered', 'lost');
    const told = (): Promise<PromiseSettledResult<void>[]> =>
      Promise.allSettled(entries.map((entry) => lines.book(daily, entry)));
    expect((await told()).map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
    expect((await told()).map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
    expect((await told()).map(({ status }) => status)).toEqual(Array(4).fill('fulfilled'));
    expect(spent.get('daily')).toBe(15n);
  });

  it('loses nothing of many callers, each with one booking after the other, in one account', async () => {
    let seed = 7;
    const random = (): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed;
    };
    const { lines, spent, written, fates } = setUp(() => random() % 3);
    let told = 0n;
    const callOften = async (): Promise<void> => {
      for (let call = 0; call < 50; call += 1) {
        const entry = createBudgetEntry([daily], BigInt(random() % 1_000));
        told += entry.picoUsd;
        for (let there = false; !there; ) {
          if (fates.length === 0 && random() % 9 === 0)
            fates.push(random() % 2 === 0 ? 'lost' : 'unanswered');
          there = await lines.book(daily, entry).then(
            () => true,
            () => false,
          );
          for (let turn = random() % 3; turn > 0; turn -= 1) await undefined;
        }
      }
    };
    await Promise.all(Array.from({ length: 10 }, callOften));
    expect(spent.get('daily')).toBe(told);
    expect(written.length).toBeLessThan(2 * 500);
  });
});
