/** Intervals of 95 % for what a benchmark counts. */
const Z = 1.959964;

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of a mean: half its width. */
export function meanInterval(values: readonly number[]): number {
  const centre = mean(values);
  const variance = mean(values.map((value) => (value - centre) ** 2));
  return Z * Math.sqrt(variance / values.length);
}

/** The value at a share of sorted values; an observed one, so that an infinite delay stays infinite. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Of a quantile, by order statistics: the number of values below it is binomial. */
export function quantileInterval(sorted: readonly number[], share: number): [number, number] {
  const { length } = sorted;
  const half = Z * Math.sqrt(length * share * (1 - share));
  const at = (rank: number): number => sorted[Math.max(0, Math.min(length - 1, rank))] ?? Number.NaN;
  return [at(Math.floor(length * share - half) - 1), at(Math.ceil(length * share + half))];
}

/** Of a share of successes (Wilson). */
export function wilsonInterval(successes: number, trials: number): [number, number] {
  const share = successes / trials;
  const denominator = 1 + Z ** 2 / trials;
  const centre = (share + Z ** 2 / (2 * trials)) / denominator;
  const half = (Z / denominator) * Math.sqrt((share * (1 - share)) / trials + Z ** 2 / (4 * trials ** 2));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** Of a Poisson count, by Byar's approximation of the exact interval. */
export function poissonInterval(count: number): [number, number] {
  const bound = (events: number, sign: 1 | -1): number =>
    events * (1 - 1 / (9 * events) + (sign * Z) / (3 * Math.sqrt(events))) ** 3;
  return [count === 0 ? 0 : bound(count, -1), bound(count + 1, 1)];
}
