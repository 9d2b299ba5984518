import { randomUUID } from 'node:crypto';
import { EmbeddingError } from './errors.js';
import type { EmbeddingClock, EmbeddingIndex } from './types.js';

/** How long a lock is held without being prolonged, and waited for. */
export interface LockTimes {
  readonly ttlMs: number;
  readonly waitMs: number;
  readonly clock: EmbeddingClock;
  readonly signal: AbortSignal | undefined;
}

/** What is locked, and where. */
export interface LockTarget {
  readonly index: EmbeddingIndex;
  readonly lockName: string;
  /** For messages. */
  readonly sinkName: string;
}

/** One sync at a time works on a sink. */
export interface SyncLock {
  /** @throws {@link EmbeddingError} `COSTKIT_EMBEDDINGS_LOCK_LOST` where another sync has taken it in the meantime. */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
}

/** Looks a lock is taken at, in each time that it lasts. */
const LOOKS = 3;

/**
 * Waits for the lock and keeps it until it is released; one that a killed process held is free once its time is over.
 *
 * @param waiting - told once, where there is something to wait for.
 * @throws {@link EmbeddingError} `COSTKIT_EMBEDDINGS_LOCKED` where another sync works longer than is waited.
 */
export async function takeLock(
  { index, lockName, sinkName }: LockTarget,
  times: LockTimes,
  waiting: () => void,
): Promise<SyncLock> {
  const { ttlMs, waitMs, clock, signal } = times;
  const owner = randomUUID();
  const take = (): Promise<boolean> => index.lock(lockName, owner, { now: clock.now(), ttlMs });
  const giveUpAt = clock.now() + waitMs;
  for (let isFirst = true; !(await take()); isFirst = false) {
    if (clock.now() >= giveUpAt) {
      throw new EmbeddingError(
        'COSTKIT_EMBEDDINGS_LOCKED',
        `another sync is working on ${sinkName}. Let it end, or wait longer ("lockWaitMs")`,
      );
    }
    if (isFirst) waiting();
    await clock.sleep(Math.min(ttlMs / LOOKS, waitMs), signal);
  }
  const end = new AbortController();
  let isLost = false;
  const keep = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(ttlMs / LOOKS, end.signal);
      // A store that cannot be reached for a moment must not end this: somebody else would pay for the same texts.
      isLost ||= !(await take().catch(() => true));
    }
  };
  const kept = keep().catch(() => undefined);
  return {
    assertHeld: async () => {
      // Who has lost it may take it again once the other is done, and would not know what that one has changed.
      if (!isLost && (await take())) return;
      throw new EmbeddingError(
        'COSTKIT_EMBEDDINGS_LOCK_LOST',
        `another sync has taken over ${sinkName}, because this one did not answer for ${ttlMs} ms. Run it again: what was paid is kept`,
      );
    },
    release: async () => {
      end.abort();
      await kept;
      await index.unlock(lockName, owner);
    },
  };
}
