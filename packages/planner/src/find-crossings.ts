/** Where the sign of a difference changes. */
export interface Crossing {
  /** The first whole number at which the sign is the new one. */
  readonly at: number;
  /** Sign from there on: −1 or 1. */
  readonly signAfter: -1 | 1;
}

/** Points per factor of ten at which a sign change is looked for: two crossings closer than that are missed. */
const PER_DECADE = 12;

/**
 * Whole numbers from `low` to `high` at which a function changes its sign, found on a logarithmic grid and then by
 * bisection. A zero belongs to the side before it.
 */
export function findCrossings(signAt: (value: number) => -1 | 0 | 1, low: number, high: number): Crossing[] {
  const crossings: Crossing[] = [];
  let [before, signBefore] = [low, signAt(low)];
  for (const value of gridOf(low, high)) {
    const sign = signAt(value);
    if (sign === 0 || sign === signBefore) {
      before = value;
      continue;
    }
    if (signBefore !== 0) {
      let [left, right] = [before, value];
      while (right - left > 1) {
        const middle = Math.floor((left + right) / 2);
        if (signAt(middle) === sign) right = middle;
        else left = middle;
      }
      crossings.push({ at: right, signAfter: sign });
    }
    [before, signBefore] = [value, sign];
  }
  return crossings;
}

function gridOf(low: number, high: number): number[] {
  const steps = Math.max(1, Math.ceil(Math.log10(high / Math.max(1, low)) * PER_DECADE));
  const values = new Set<number>();
  for (let step = 1; step <= steps; step += 1) {
    values.add(Math.round(Math.max(1, low) * (high / Math.max(1, low)) ** (step / steps)));
  }
  return [...values].filter((value) => value > low);
}
