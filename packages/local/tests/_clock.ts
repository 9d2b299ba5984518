import type { LocalClock } from '../src/contract.js';

/** A clock that stands still until a test moves it. */
export interface TestClock extends LocalClock {
  /** Moves time on and wakes whoever slept until then, in order of their deadlines. */
  advance(ms: number): Promise<void>;
  /** How many sleepers wait. */
  readonly sleeping: number;
}

/** Starts a clock at the given time. */
export const createTestClock = (start: number = Date.parse('2026-11-22T08:00:00Z')): TestClock => {
  let time = start;
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  return {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { until: time + ms, wake: () => resolve() };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    advance: async (ms) => {
      time += ms;
      for (const sleeper of [...sleepers].sort((left, right) => left.until - right.until)) {
        if (sleeper.until > time) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
      await new Promise((resolve) => setImmediate(resolve));
    },
    get sleeping() {
      return sleepers.size;
    },
  };
};
