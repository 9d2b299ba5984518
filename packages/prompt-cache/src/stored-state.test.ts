import type { Store } from '@costkit/core';
import { memoryStore } from '@costkit/core/memory-store';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { confirmCached, createPrefixTable, markCached } from './prefix-table.js';
import { storedState } from './stored-state.js';

const MINUTE = 60_000;
const KEY = 'state';
const STABLE = { level: 'stable', turn: 0, newTokens: 3000 } as const;
const nothing = (): void => undefined;

/** A table in which one prefix came every ten minutes and another kind never again. */
function learnedTable(now: number) {
  const table = createPrefixTable(100);
  for (let minute = 60; minute >= 0; minute -= 10) table.sight(7, STABLE, now - minute * MINUTE);
  for (let key = 100; key < 130; key++)
    table.sight(key, { level: 'opening', turn: 1, newTokens: 300 }, now - 20 * MINUTE);
  const entry = table.sight(7, STABLE, now + 1);
  markCached(entry, now, '1h');
  confirmCached(entry, now);
  return table;
}

async function reopen(store: Store) {
  const table = createPrefixTable(100);
  const restored: number[] = [];
  await storedState(store, KEY, table, ({ key }) => restored.push(key)).ready();
  return { table, restored };
}

/** What was begun with a store in memory has ended. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

afterEach(() => vi.useRealTimers());

describe('storedState', () => {
  it('lets another process begin with the same expectations and the same cache', async () => {
    const now = 1_800_000_000_000;
    const store = memoryStore();
    const before = learnedTable(now);
    const state = storedState(store, KEY, before, nothing);
    await state.ready();
    state.learned(now);
    await settled();
    const { table, restored } = await reopen(store);
    expect(restored).toContain(7);
    const [old, fresh] = [before, table].map((one) => one.sight(7, STABLE, now + 10 * MINUTE));
    expect(fresh).toMatchObject({ cachedUntil: now + 60 * MINUTE, writtenFor: '1h', repeats: old?.repeats });
    const [expected, reuse] = [before, table].map((one, which) =>
      one.reuse([old, fresh][which] as NonNullable<typeof old>, now + 10 * MINUTE),
    );
    expect(reuse?.within1h).toBeCloseTo(expected?.within1h as number, 1);
    expect(reuse?.within5m).toBeCloseTo(expected?.within5m as number, 1);
  });

  it('writes at most every ten seconds, and no more than the latest 256 prefixes', async () => {
    const store = memoryStore();
    const set = vi.spyOn(store, 'set');
    const table = createPrefixTable(1000);
    for (let key = 0; key < 1000; key++) table.sight(key, STABLE, key);
    const state = storedState(store, KEY, table, nothing);
    await state.ready();
    for (const now of [1_000_000, 1_009_999, 1_010_000]) {
      state.learned(now);
      await settled();
    }
    expect(set).toHaveBeenCalledTimes(2);
    const { prefixes } = JSON.parse((await store.get(KEY)) as string) as { prefixes: unknown[] };
    expect(prefixes).toHaveLength(256);
  });

  it.each([
    'no JSON',
    'null',
    '{"version":3,"classes":[],"prefixes":[],"writers":[]}',
    '{"version":2,"classes":[[-1,2],["a"],7],"prefixes":[[1],null,[1,99,1,1,1,1,1,1,1,1,1,1]],"writers":[7]}',
    '{"version":2,"classes":{},"prefixes":[],"writers":[]}',
  ])('takes nothing from what it cannot read: %s', async (text) => {
    const store = memoryStore();
    await store.set(KEY, text);
    const { table, restored } = await reopen(store);
    expect([table.size, restored.length]).toEqual([0, 0]);
    expect(table.reuse(table.sight(1, STABLE, 0), 0)).toEqual({
      within5m: expect.closeTo(0.5, 2),
      within1h: expect.closeTo(0.5, 2),
    });
  });

  it('tells a process that runs what another has in the cache by now', async () => {
    const now = 1_800_000_000_000;
    const store = memoryStore();
    const [one, other] = [createPrefixTable(100), createPrefixTable(100)];
    const [ours, theirs] = [one, other].map((table) => storedState(store, KEY, table, nothing));
    await settled();
    const [here, there] = [one, other].map((table) => table.sight(7, STABLE, now));
    markCached(there as NonNullable<typeof there>, now, '1h');
    confirmCached(there as NonNullable<typeof there>, now);
    theirs?.learned(now);
    await settled();
    ours?.learned(now);
    await settled();
    expect(here).toMatchObject({ cachedUntil: now + 60 * MINUTE, writtenFor: '1h' });
  });

  it('adds up what processes learn, in whatever order they read and write, and loses nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.nat(2), { minLength: 3, maxLength: 12 }),
        async (s, turns) => {
          const memory = memoryStore();
          const slow: Store = {
            get: s.scheduleFunction((key: string) => memory.get(key)),
            set: s.scheduleFunction((key: string, value: string) => memory.set(key, value)),
            delete: memory.delete,
          };
          const processes = [0, 1, 2].map((number) => {
            const table = createPrefixTable(100);
            return { table, number, learned: 0, state: storedState(slow, KEY, table, nothing) };
          });
          let now = 0;
          for (const turn of [...turns, 0, 1, 2, 0, 1, 2]) {
            const process = processes[turn] as (typeof processes)[number];
            now += 10 * MINUTE;
            // Each process learns of a kind of its own, so that its counts can be told apart.
            const kind = { level: 'shared', turn: 1 + process.number, newTokens: undefined } as const;
            process.table.classes.failed(kind, now);
            process.learned += 1;
            process.state.learned(now);
            if (now > turns.length * 10 * MINUTE) await s.waitIdle();
          }
          await s.waitIdle();
          const table = createPrefixTable(100);
          await storedState(memory, KEY, table, nothing).ready();
          const failed = table.classes.save().map(([, , count = 0]) => count);
          for (const { learned } of processes)
            expect(failed.some((count) => Math.abs(count - learned) < 0.05 * learned + 0.01)).toBe(true);
          // The widest class has counted them all.
          expect(Math.max(...failed)).toBeCloseTo(turns.length + 6, 0);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('keeps what it knows where the store has lost it, and writes all of it again', async () => {
    const store = memoryStore();
    const before = storedState(store, KEY, learnedTable(1_800_000_000_000), nothing);
    await before.ready();
    before.learned(1);
    await settled();
    const table = createPrefixTable(100);
    const state = storedState(store, KEY, table, nothing);
    await state.ready();
    const known = table.classes.save();
    await store.delete(KEY);
    state.learned(2);
    await settled();
    expect(table.classes.save()).toEqual(known);
    expect((await reopen(store)).table.classes.save()).toEqual(known);
  });

  it('goes on without a store that fails, or that does not answer', async () => {
    const broken: Store = {
      get: () => Promise.reject(new Error('down')),
      set: () => Promise.reject(new Error('down')),
      delete: () => Promise.resolve(),
    };
    const state = storedState(broken, KEY, createPrefixTable(10), nothing);
    await state.ready();
    expect(state.ready()).toBeUndefined();
    state.learned(1_000_000);

    vi.useFakeTimers();
    const silent: Store = { ...broken, get: () => new Promise(() => undefined) };
    const waiting = storedState(silent, KEY, createPrefixTable(10), nothing).ready();
    await vi.advanceTimersByTimeAsync(250);
    await waiting;
  });
});
