import { expect, it } from 'vitest';
import { memoryStore } from './memory-store.js';
import { takeLock } from './sync-lock.js';

const TTL_MS = 30_000;

/** A lock on a clock that ticks each time that the others have had their turn. */
async function aLock() {
  const { index } = memoryStore();
  let now = 0;
  let isDown = false;
  const clock = {
    now: () => now,
    sleep: async (_: number, signal?: AbortSignal) => {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
  const reachable: typeof index = {
    ...index,
    lock: (...given) => (isDown ? Promise.reject(new Error('no connection')) : index.lock(...given)),
  };
  const target = { index: reachable, lockName: 'sync', sinkName: 'memory' };
  const times = { ttlMs: TTL_MS, waitMs: 0, clock, signal: undefined };
  const lock = await takeLock(target, times, () => undefined);
  return {
    lock,
    /** Lets time go by, and the holder look. */
    pass: async (ms: number): Promise<void> => {
      now += ms;
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    },
    break: (down: boolean): void => {
      isDown = down;
    },
    takenByAnother: () => index.lock('sync', 'another', { now, ttlMs: TTL_MS }),
    givenBackByTheOther: () => index.unlock('sync', 'another'),
  };
}

it('is kept although the store could not be reached for a moment', async () => {
  const bench = await aLock();
  bench.break(true);
  await bench.pass(10_000);
  bench.break(false);
  await bench.pass(10_000);
  await bench.pass(20_000);
  expect(await bench.takenByAnother()).toBe(false);
  await bench.lock.assertHeld();
  await bench.lock.release();
  expect(await bench.takenByAnother()).toBe(true);
});

it('is lost for good once another has had it, also when that one has given it back', async () => {
  const bench = await aLock();
  bench.break(true);
  await bench.pass(TTL_MS);
  expect(await bench.takenByAnother()).toBe(true);
  bench.break(false);
  await bench.pass(1);
  await bench.givenBackByTheOther();
  await expect(bench.lock.assertHeld()).rejects.toMatchObject({ code: 'COSTKIT_EMBEDDINGS_LOCK_LOST' });
  await bench.lock.release();
});
