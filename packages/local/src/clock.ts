import type { LocalClock } from './contract.js';

/** Wall-clock time. */
export const systemClock: LocalClock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};

/** A clock that stands still until a test moves it. */
export interface ManualClock extends LocalClock {
  /**
   * Moves time forward and wakes every sleeper whose time has come, in order of their times. Between two wakings
   * it lets pending work run, so that a sleeper that goes to sleep again within the span is woken again.
   */
  advance(ms: number): Promise<void>;
}

interface Sleeper {
  readonly wakeAt: number;
  readonly wake: () => void;
}

/**
 * Makes a clock that moves only when told to: cache lifetimes, batch jobs and budgets of days pass in an instant.
 *
 * @param startMs - Milliseconds since the epoch at which it stands.
 *
 * @example
 * ```ts
 * const clock = createManualClock(Date.parse('2026-11-22T00:00:00Z'));
 * const bedrock = await startLocalBedrock({ clock });
 * await clock.advance(5 * 60_000); // five-minute cache entries are gone
 * ```
 */
export function createManualClock(startMs: number): ManualClock {
  if (!Number.isFinite(startMs))
    throw new RangeError(`costkit local: ${startMs} is no time for a clock to start at.`);
  let nowMs = startMs;
  const sleepers = new Set<Sleeper>();

  const nextSleeper = (untilMs: number): Sleeper | undefined => {
    let next: Sleeper | undefined;
    for (const sleeper of sleepers) {
      if (sleeper.wakeAt <= untilMs && (next === undefined || sleeper.wakeAt < next.wakeAt)) next = sleeper;
    }
    return next;
  };

  return {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(signal.reason);
          return;
        }
        const onAbort = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          wakeAt: nowMs + Math.max(0, ms),
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', onAbort, { once: true });
      }),
    async advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`costkit local: a clock cannot advance by ${ms} ms.`);
      const untilMs = nowMs + ms;
      await settle();
      for (let next = nextSleeper(untilMs); next !== undefined; next = nextSleeper(untilMs)) {
        nowMs = Math.max(nowMs, next.wakeAt);
        next.wake();
        await settle();
      }
      nowMs = untilMs;
    },
  };
}

/** Lets promises and one round of input and output run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
