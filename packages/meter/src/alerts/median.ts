/** The median of numbers, which are sorted in place; the mean of the middle two where their count is even. */
export function medianOf(values: Float32Array): number {
  const { length } = values;
  if (length === 0) return Number.NaN;
  values.sort();
  const middle = length >> 1;
  const upper = values[middle] as number;
  return length % 2 === 1 ? upper : ((values[middle - 1] as number) + upper) / 2;
}
