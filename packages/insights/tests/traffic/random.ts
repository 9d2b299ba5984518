/** Draws that depend on the seed alone. */
export interface Random {
  /** 0 to below 1. */
  next(): number;
  between(low: number, high: number): number;
  whole(low: number, high: number): number;
  /** Time until the next of independent arrivals. */
  gap(mean: number): number;
  id(): string;
}

/** A generator (mulberry32) that depends on the seed alone. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    whole: (low, high) => Math.floor(low + (high - low + 1) * next()),
    gap: (mean) => -mean * Math.log(1 - next()),
    id: () =>
      Array.from({ length: 4 }, () =>
        Math.floor(next() * 65_536)
          .toString(16)
          .padStart(4, '0'),
      ).join(''),
  };
}
