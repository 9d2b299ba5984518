import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createParallelWrites } from './parallel-writes.js';
import { confirmCached, createPrefixTable, markCached, type PrefixEntry } from './prefix-table.js';
import { sentRequest } from './sent-request.js';

const CLAUDE = { input: 100, read: 10, write: { '5m': 125, '1h': 200 } };
const NOVA = { input: 100, read: 25, write: { '5m': 0, '1h': undefined } };
const KIND = { level: 'stable', turn: 0, newTokens: 3000 } as const;

const choiceOf = (...entries: PrefixEntry[]) => ({
  points: entries.map((entry, afterBlock) => ({
    place: { afterBlock, purpose: 'system', section: 'system', tokens: 3000 } as const,
    ttl: '5m' as const,
    entry,
  })),
  savedNow: 0,
  readTokens: 0,
});

function writing(maxWaitMs: number, beginsAfterMs?: number) {
  const entry = createPrefixTable(10).sight(1, KIND, 0);
  const parallel = createParallelWrites(maxWaitMs);
  if (beginsAfterMs !== undefined) parallel.learn('m', beginsAfterMs);
  const sent = sentRequest('m', choiceOf(entry), 0);
  parallel.begin(sent, 0);
  markCached(entry, 0, '5m');
  return { entry, parallel, sent };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('createParallelWrites', () => {
  it('lets the first writer go, and whoever needs something else', () => {
    const { parallel } = writing(1000);
    const other = createPrefixTable(10).sight(2, KIND, 0);
    expect(createParallelWrites(1000).advise('m', choiceOf(other), CLAUDE, 0)).toBeUndefined();
    expect(parallel.advise('m', choiceOf(other), CLAUDE, 0)).toBeUndefined();
  });

  it('sends the others without a point while a model is not known to begin soon', () => {
    const { parallel, entry } = writing(1000);
    expect(parallel.advise('m', choiceOf(entry), CLAUDE, 10)).toEqual({ from: 0, waitMs: undefined });
    // A second has passed of the two that are assumed: the rest is short enough.
    expect(parallel.advise('m', choiceOf(entry), CLAUDE, 1_200)).toEqual({ from: 0, waitMs: 800 });
    expect(parallel.advise('m', choiceOf(entry), CLAUDE, 2_000)).toBeUndefined();
  });

  it('lets them wait for a model that begins soon, and write again where a write costs nothing', () => {
    const { parallel, entry } = writing(1000, 600);
    expect(parallel.advise('m', choiceOf(entry), CLAUDE, 100)).toEqual({ from: 0, waitMs: 500 });
    const slow = writing(0, 600);
    expect(slow.parallel.advise('m', choiceOf(slow.entry), NOVA, 100)).toBeUndefined();
    expect(slow.parallel.advise('m', choiceOf(slow.entry), CLAUDE, 100)).toEqual({
      from: 0,
      waitMs: undefined,
    });
  });

  it('keeps the points before the one that is being written', () => {
    const { parallel, entry } = writing(0);
    const read = createPrefixTable(10).sight(3, KIND, 0);
    markCached(read, 0, '5m');
    confirmCached(read, 0);
    expect(parallel.advise('m', choiceOf(read, entry), CLAUDE, 10)?.from).toBe(1);
  });

  it('takes no reader for a writer while the first answer is still on its way', () => {
    const { parallel, entry } = writing(1000, 600);
    const reader = sentRequest('m', choiceOf(entry), 700);
    parallel.begin(reader, 700);
    markCached(entry, 700, '5m');
    expect(parallel.advise('m', choiceOf(entry), CLAUDE, 800)).toBeUndefined();
    // What has expired is written anew, whether or not anybody has heard of the first answer.
    parallel.begin(reader, 400_000);
    expect(parallel.advise('m', choiceOf(entry), CLAUDE, 400_100)).toEqual({ from: 0, waitMs: 500 });
  });

  it('wakes who waits when the writer is answered, after the time, or when the caller gives up', async () => {
    const { parallel, entry, sent } = writing(1000, 600);
    const woken: string[] = [];
    const abort = new AbortController();
    const all = [
      parallel.wait(entry, 500, undefined).then(() => woken.push('answered')),
      parallel.wait(entry, 500, abort.signal).then(() => woken.push('gave up')),
    ];
    abort.abort();
    await vi.advanceTimersByTimeAsync(10);
    expect(woken).toEqual(['gave up']);
    parallel.end(sent);
    await Promise.all(all);
    expect(woken).toEqual(['gave up', 'answered']);
    expect(parallel.advise('m', choiceOf(entry), CLAUDE, 20)).toBeUndefined();
    const late = writing(1000, 600);
    const timed = late.parallel.wait(late.entry, 500, undefined);
    await vi.advanceTimersByTimeAsync(500);
    await timed;
  });
});
