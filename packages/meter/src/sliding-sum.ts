/** A sum over the latest stretch of time, in constant memory. */
export interface SlidingSum {
  add(amount: number, nowMs: number): void;
  total(nowMs: number): number;
  clear(): void;
}

/**
 * Sums over a window by two buckets: the current stretch counts in full, the one before by the share that is
 * still inside the window. Exact for a steady stream, and never more than one window behind.
 */
export function slidingSum(windowMs: number): SlidingSum {
  let startsAt = 0;
  let current = 0;
  let previous = 0;

  const roll = (nowMs: number): void => {
    // A clock set back leaves the bucket as it is.
    const steps = Math.floor((nowMs - startsAt) / windowMs);
    if (steps <= 0) return;
    previous = steps === 1 ? current : 0;
    current = 0;
    startsAt += steps * windowMs;
  };

  return {
    add: (amount, nowMs) => {
      roll(nowMs);
      current += amount;
    },
    total: (nowMs) => {
      roll(nowMs);
      const inside = Math.min(1, Math.max(0, 1 - (nowMs - startsAt) / windowMs));
      return current + previous * inside;
    },
    clear: () => {
      current = 0;
      previous = 0;
    },
  };
}
