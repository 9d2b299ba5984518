import type { SparseRow } from './encoding.js';

/** A linear model of the odds that one tier's answer is right. */
export interface LinearHead {
  readonly intercept: number;
  readonly weights: ArrayLike<number>;
}

/** The log-odds of a row. */
export function logOdds({ intercept, weights }: LinearHead, { indices, values }: SparseRow): number {
  let sum = intercept;
  for (let at = 0; at < indices.length; at += 1) sum += weights[indices[at]!]! * values[at]!;
  return sum;
}

/** The probability that log-odds stand for. */
export function probabilityOf(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}
