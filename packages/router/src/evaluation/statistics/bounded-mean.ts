import { firstWhere } from './bisect.js';
import type { Interval } from './wilson.js';

const MAX_TERMS = 20_000;
/** Terms below this no longer count. */
const NEGLIGIBLE = 1e-11;

/**
 * P(Σ Eᵢ·aᵢ > 0) for independent exponentials, from their characteristic function (R. B. Davies, Biometrika 60 (1973),
 * 415–417): no random numbers, and the same result everywhere.
 */
function chanceAboveZero(terms: ReadonlyMap<number, number>): number {
  let [mean, squares, widest] = [0, 0, 0];
  for (const [value, count] of terms) {
    mean += value * count;
    squares += value * value * count;
    widest = Math.max(widest, Math.abs(value));
  }
  // So wide that nothing lies further out.
  const step = (2 * Math.PI) / (Math.abs(mean) + 12 * Math.sqrt(squares) + 40 * widest);
  let sum = 0;
  for (let index = 0.5; index < MAX_TERMS; index += 1) {
    const u = index * step;
    let [angle, logSize] = [0, 0];
    for (const [value, count] of terms) {
      const scaled = value * u;
      angle += count * Math.atan(scaled);
      logSize -= (count / 2) * Math.log1p(scaled * scaled);
    }
    const size = Math.exp(logSize) / index;
    sum += size * Math.sin(angle);
    if (size < NEGLIGIBLE) break;
  }
  return Math.min(1, Math.max(0, 0.5 + sum / Math.PI));
}

/**
 * The p-value of "the mean is `mean` or more", for values that are `most` at most.
 *
 * It is a bootstrap with random weights (uniform on the simplex) in which one more case stands, as bad as a case can
 * be: Gaffke's bound, which holds at small numbers too, where the usual bootstrap takes a loss that it has not seen yet
 * for one that does not exist. For right and wrong answers it is Clopper and Pearson's exact bound.
 *
 * N. Gaffke, Mathematical Methods of Statistics 14 (2005); E. Learned-Miller, P. Thomas, arXiv:1905.06208.
 */
export function boundedMeanP(values: readonly number[], mean: number, most: number): number {
  const terms = new Map<number, number>();
  for (const value of [...values, most]) {
    // Counted by distance: values that differ in their last digit may have the same.
    const distance = value - mean;
    terms.set(distance, (terms.get(distance) ?? 0) + 1);
  }
  const distances = [...terms.keys()];
  if (distances.every((distance) => distance >= 0)) return 1;
  if (distances.every((distance) => distance <= 0)) return 0;
  return chanceAboveZero(terms);
}

/** The smallest mean that the values rule out at this confidence, one-sided, for values from `least` to `most`. */
export function boundedMeanBound(
  values: readonly number[],
  confidence: number,
  least: number,
  most: number,
): number {
  return firstWhere(least, most, (mean) => boundedMeanP(values, mean, most) <= 1 - confidence);
}

/** An interval for the mean of grades from 0 to 1, two-sided. */
export function boundedMeanInterval(grades: readonly number[], confidence: number): Interval {
  const oneSided = 0.5 + confidence / 2;
  const high = boundedMeanBound(grades, oneSided, 0, 1);
  const low =
    1 -
    boundedMeanBound(
      grades.map((grade) => 1 - grade),
      oneSided,
      0,
      1,
    );
  return { low, high };
}
