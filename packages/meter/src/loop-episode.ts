/** A loop is told again when it has become so many times as large as when it was told last. */
const GROWTH_FACTOR = 4;

/** How a loop is told. */
interface LoopNews {
  /** 1 when it is new. */
  readonly timesTold: number;
  /** What it has come to since it began. */
  readonly total: number;
}

/** One loop for as long as it goes on, however often the breaker closes and opens again meanwhile. */
export interface LoopEpisode {
  /** Counts what the loop has come to, in its own measure: calls or dollars. */
  add(amount: number): void;
  /**
   * The loop is there, still or again.
   *
   * @param amount - what it comes to if it is a new one.
   * @returns `undefined` when that was told.
   */
  see(amount: number, nowMs: number): LoopNews | undefined;
}

/**
 * Tells a loop once, and again each time it has grown.
 *
 * @param quietMs - a loop that was not seen for so long is over; the next one is new.
 */
export function loopEpisode(quietMs: number): LoopEpisode {
  let seenAtMs = Number.NEGATIVE_INFINITY;
  let total = 0;
  let toldTotal = 0;
  let timesTold = 0;
  return {
    add: (amount) => {
      total += amount;
    },
    see: (amount, nowMs) => {
      if (nowMs - seenAtMs >= quietMs) {
        total = amount;
        timesTold = 0;
      }
      seenAtMs = nowMs;
      if (timesTold > 0 && total < toldTotal * GROWTH_FACTOR) return undefined;
      toldTotal = total;
      timesTold += 1;
      return { timesTold, total };
    },
  };
}
