/** A clock that moves only when a test moves it. Fits core's `Clock` and everything that takes a `sleep`. */
export interface TestClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since the clock was made. */
  monotonicMs(): number;
  /** Resolves when `ms` have passed on this clock; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Moves time on by `ms` and wakes the sleepers that are due, in their order, letting each run on. */
  advance(ms: number): Promise<void>;
  /** How many sleepers wait. */
  readonly sleeping: number;
}

/** How {@link createTestClock} starts. */
export interface TestClockOptions {
  /** @defaultValue 2026-01-01T00:00:00Z */
  readonly startAt?: Date;
}

interface Sleeper {
  readonly dueAt: number;
  readonly order: number;
  wake(): void;
}

// Long enough for the SDK's own chain of promises to get from one sleep to the next.
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Makes a clock for tests.
 *
 * @example
 * ```ts
 * const clock = createTestClock();
 * const answer = client.send(command); // the fake handler waits 5 s on this clock
 * await clock.advance(5_000);
 * await answer;
 * ```
 */
export function createTestClock(options: TestClockOptions = {}): TestClock {
  const startedAt = (options.startAt ?? new Date('2026-01-01T00:00:00Z')).getTime();
  let elapsed = 0;
  let order = 0;
  const sleepers = new Set<Sleeper>();

  const next = (until: number): Sleeper | undefined => {
    let first: Sleeper | undefined;
    for (const sleeper of sleepers) {
      if (sleeper.dueAt > until) continue;
      if (
        first === undefined ||
        sleeper.dueAt < first.dueAt ||
        (sleeper.dueAt === first.dueAt && sleeper.order < first.order)
      ) {
        first = sleeper;
      }
    }
    return first;
  };

  return {
    now: () => startedAt + elapsed,
    monotonicMs: () => elapsed,
    get sleeping(): number {
      return sleepers.size;
    },
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        const stop = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason as Error);
        };
        const sleeper: Sleeper = {
          dueAt: elapsed + ms,
          order: order++,
          wake() {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', stop);
            resolve();
          },
        };
        signal?.addEventListener('abort', stop, { once: true });
        sleepers.add(sleeper);
      });
    },
    async advance(ms) {
      const until = elapsed + ms;
      await settle();
      for (let sleeper = next(until); sleeper !== undefined; sleeper = next(until)) {
        elapsed = Math.max(elapsed, sleeper.dueAt);
        sleeper.wake();
        await settle();
      }
      elapsed = until;
      await settle();
    },
  };
}
