/**
 * Time for work that waits. Apart from the main entry, because only what runs for long needs it.
 * @module
 */

/** Time, injectable so that what takes hours runs in milliseconds. */
export interface WaitingClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves when `ms` have passed; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemWaitingClock: WaitingClock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const stop = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        resolve();
      }, ms);
      signal?.addEventListener('abort', stop, { once: true });
    }),
};
