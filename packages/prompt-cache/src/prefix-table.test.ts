import { describe, expect, it } from 'vitest';
import {
  confirmCached,
  createPrefixTable,
  markCached,
  markMissedRead,
  markRead,
  type PrefixTable,
} from './prefix-table.js';
import type { PrefixKind } from './reuse-classes.js';

const MINUTE = 60_000;
const STABLE: PrefixKind = { level: 'stable', turn: 0, newTokens: 3000 };
const SHARED: PrefixKind = { level: 'shared', turn: 0, newTokens: 3000 };
const OPENING: PrefixKind = { level: 'opening', turn: 1, newTokens: 300 };
const growing = (turn: number): PrefixKind => ({ level: 'growing', turn, newTokens: 300 });
/** From here on, `p · 0.1 + (1 − p) · 1.25` is less than 1: what Claude's 5-minute write needs. */
const PAYS_5M = 0.25 / 1.15;
const PAYS_1H = 1 / 1.9;

function arrive(table: PrefixTable, key: number, times: number, gapMs: number, start = 0) {
  let now = start;
  for (let time = 0; time < times; time++) {
    table.sight(key, STABLE, now);
    now += gapMs;
  }
  const entry = table.find(key);
  if (entry === undefined) throw new Error('not seen');
  return { entry, now };
}

describe('createPrefixTable', () => {
  it('expects a system prompt to come again before anything is known, and a question not', () => {
    const table = createPrefixTable(10);
    expect(table.reuse(table.sight(1, STABLE, 0), 0).within5m).toBeGreaterThan(PAYS_5M);
    expect(table.reuse(table.sight(2, OPENING, 0), 0).within5m).toBeLessThan(PAYS_5M);
    expect(table.reuse(table.sight(3, SHARED, 0), 0).within5m).toBeLessThan(PAYS_5M);
  });

  it('learns short gaps, gaps below an hour, and longer ones', () => {
    const often = createPrefixTable(10);
    const seldom = createPrefixTable(10);
    const never = createPrefixTable(10);
    const first = arrive(often, 1, 10, MINUTE);
    const second = arrive(seldom, 1, 10, 20 * MINUTE);
    const third = arrive(never, 1, 10, 90 * MINUTE);
    expect(often.reuse(first.entry, first.now).within5m).toBeGreaterThan(0.85);
    expect(seldom.reuse(second.entry, second.now).within5m).toBeLessThan(PAYS_5M);
    expect(seldom.reuse(second.entry, second.now).within1h).toBeGreaterThan(PAYS_1H);
    expect(never.reuse(third.entry, third.now).within1h).toBeLessThan(PAYS_5M);
  });

  it('forgets slowly how it was, and follows how it is', () => {
    const table = createPrefixTable(10);
    const { now } = arrive(table, 1, 30, MINUTE);
    const later = arrive(table, 1, 30, 90 * MINUTE, now);
    expect(table.reuse(later.entry, later.now).within5m).toBeLessThan(PAYS_5M);
    const again = arrive(table, 1, 30, MINUTE, later.now);
    expect(table.reuse(again.entry, again.now).within5m).toBeGreaterThan(0.8);
  });

  it('stops expecting anything of new prefixes when none comes again', () => {
    const table = createPrefixTable(1000);
    let waited = 0;
    for (let key = 0; key < 30; key++)
      if (table.reuse(table.sight(key, STABLE, key * 1000), key * 1000).within5m > PAYS_5M) waited = key;
    expect(waited).toBeLessThan(8);
    expect(table.reuse(table.sight(29, STABLE, 40_000), 40_000).within5m).toBeGreaterThan(PAYS_5M);
  });

  it('hands the gaps of a conversation on from turn to turn', () => {
    const table = createPrefixTable(10);
    let entry = table.sight(1, OPENING, 0);
    for (let turn = 2; turn < 9; turn++) entry = table.extend(entry, turn, growing(turn), turn * 20 * MINUTE);
    expect(entry.kind.level).toBe('growing');
    const { within5m, within1h } = table.reuse(entry, 180 * MINUTE);
    expect(within1h).toBeGreaterThan(PAYS_1H);
    expect(within5m).toBeLessThan(0.3);
  });

  it('counts a turn that is sent again as the same prefix', () => {
    const table = createPrefixTable(10);
    const opening = table.sight(1, OPENING, 0);
    const one = table.extend(opening, 2, growing(2), MINUTE);
    expect(table.extend(opening, 2, growing(2), 2 * MINUTE)).toBe(one);
    expect(table.size).toBe(2);
  });

  it('takes requests at the same time for one arrival', () => {
    const table = createPrefixTable(10);
    const entry = table.sight(1, SHARED, 0);
    const before = table.reuse(entry, 0);
    for (let time = 0; time < 50; time++) table.sight(1, SHARED, time);
    expect(table.reuse(entry, 50).within5m).toBeCloseTo(before.within5m, 3);
    // At a steady pace of 50 ms, every other arrival counts.
    for (let time = 50; time < 1050; time += 50) table.sight(1, SHARED, time);
    expect(table.reuse(entry, 1000).within5m).toBeGreaterThan(0.7);
  });

  it('holds no more than it may, and forgets the longest unseen', () => {
    const table = createPrefixTable(3);
    for (const key of [1, 2, 3]) table.sight(key, STABLE, 0);
    table.sight(1, STABLE, 1000);
    table.sight(4, STABLE, 2000);
    expect(table.size).toBe(3);
    expect([1, 2, 3, 4].map((key) => table.find(key) !== undefined)).toEqual([true, false, true, true]);
  });
});

describe('markCached', () => {
  it('keeps the lifetime that was paid for while it lasts, and takes another after it', () => {
    const table = createPrefixTable(10);
    const entry = table.sight(1, STABLE, 0);
    markCached(entry, 0, '5m');
    markCached(entry, MINUTE, '1h');
    expect(entry.cachedUntil).toBe(6 * MINUTE);
    markCached(entry, 7 * MINUTE, '1h');
    expect(entry.cachedUntil).toBe(67 * MINUTE);
  });
});

describe('markMissedRead', () => {
  it('switches a prefix off after three misses in a row, for a while, and sooner the next time', () => {
    const table = createPrefixTable(10);
    const { entry } = arrive(table, 1, 5, MINUTE);
    markMissedRead(entry, 0);
    markMissedRead(entry, 0);
    markRead(entry);
    markMissedRead(entry, 0);
    markMissedRead(entry, 0);
    expect(table.reuse(entry, 0).within5m).toBeGreaterThan(0.5);
    markMissedRead(entry, 0);
    expect(table.reuse(entry, 29 * MINUTE)).toEqual({ within5m: 0, within1h: 0 });
    expect(table.reuse(entry, 31 * MINUTE).within5m).toBeGreaterThan(0.5);
    markMissedRead(entry, 31 * MINUTE);
    expect(table.reuse(entry, 40 * MINUTE).within5m).toBe(0);
  });

  it('takes nothing for cached that was not read', () => {
    const entry = createPrefixTable(10).sight(1, STABLE, 0);
    markCached(entry, 0, '5m');
    confirmCached(entry, 0);
    markMissedRead(entry, 1);
    expect([entry.cachedUntil, entry.confirmedUntil]).toEqual([0, 0]);
  });
});
