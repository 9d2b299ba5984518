import type { Store } from '@costkit/core';
import { memoryStore } from '@costkit/core/memory-store';
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

afterEach(() => vi.useRealTimers());

describe('storedState', () => {
  it('lets another process begin with the same expectations and the same cache', async () => {
    const now = 1_800_000_000_000;
    const store = memoryStore();
    const before = learnedTable(now);
    const state = storedState(store, KEY, before, nothing);
    await state.ready();
    state.learned(now);
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
    state.learned(1_000_000);
    await Promise.resolve();
    state.learned(1_009_999);
    state.learned(1_010_000);
    expect(set).toHaveBeenCalledTimes(2);
    const { prefixes } = JSON.parse((await store.get(KEY)) as string) as { prefixes: unknown[] };
    expect(prefixes).toHaveLength(256);
  });

  it.each([
    'no JSON',
    'null',
    '{"version":2,"classes":[],"prefixes":[]}',
    '{"version":1,"classes":[[-1,2],["a"],7],"prefixes":[[1],null,[1,99,1,1,1,1,1,1,1,1,1,1]]}',
    '{"version":1,"classes":{},"prefixes":[]}',
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
