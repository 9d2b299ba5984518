/** Two-sided 90 % quantiles of Student's t, by degrees of freedom; beyond the table the normal's. */
const T_90 = [6.314, 2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833, 1.812];
const NORMAL_90 = 1.645;

/**
 * Half of the 90 % interval of a mean, as a share of it; at most 1. `undefined`: fewer than two values say nothing.
 */
export function marginShare(values: readonly number[]): number | undefined {
  const count = values.length;
  if (count < 2) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (mean <= 0) return 1;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return Math.min(1, ((T_90[count - 2] ?? NORMAL_90) * Math.sqrt(variance / count)) / mean);
}
