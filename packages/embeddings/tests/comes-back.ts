import { expect } from 'vitest';
import { type SyncReport, syncEmbeddings, type VectorStore } from '../src/index.js';
import { aCorpus } from './a-corpus.js';
import { fakeTitan, TITAN } from './fake-titan.js';

const DAY_MS = 86_400_000;

const untilAborted = (_: number, signal?: AbortSignal): Promise<void> =>
  new Promise((__, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));

/** What every store with an index of its own does with a document that goes and comes back. */
export async function comesBack(sink: VectorStore): Promise<void> {
  const { client, asked } = fakeTitan();
  const [one, other] = aCorpus(2, 4);
  const source = [one, other].filter((document) => document !== undefined);
  let now = Date.parse('2026-11-29T00:00:00Z');
  const clock = { now: () => now, sleep: untilAborted };
  const sync = (documents: number, more: { keepUnusedMs?: number } = {}): Promise<SyncReport> =>
    syncEmbeddings({ ...TITAN, client, sink, clock, source: source.slice(0, documents), ...more });
  const { chunks } = await sync(2);
  const own = (await sync(1)).deleted;
  now += 29 * DAY_MS;
  expect(await sync(2)).toMatchObject({ reused: own, embedded: { calls: 0 } });
  expect(asked).toHaveLength(chunks);
  // The month begins when it goes, again.
  await sync(1);
  now += 29 * DAY_MS;
  await sync(1);
  now += 2 * DAY_MS;
  await sync(1);
  expect((await sync(2)).embedded.calls).toBe(own);
  await sync(1, { keepUnusedMs: 0 });
  expect((await sync(2)).embedded.calls).toBe(own);
}
