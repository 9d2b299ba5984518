/** A text: how often each feature occurs in it, and how many tokens it has. */
export interface Observation {
  readonly counts: Float64Array;
  readonly tokens: number;
}

/** Non-negative least squares by coordinate descent on the normal equations, with a ridge towards `prior`. */
export function nonNegativeLeastSquares(
  rows: readonly Observation[],
  weights: readonly number[],
  prior: Float64Array,
  ridge: number,
): Float64Array {
  const size = prior.length;
  const gram = Array.from({ length: size }, () => new Float64Array(size));
  const target = new Float64Array(size);
  rows.forEach((row, index) => {
    const weight = weights[index] as number;
    for (let one = 0; one < size; one++) {
      const value = (row.counts[one] as number) * weight;
      if (value === 0) continue;
      (target[one] as number) += value * row.tokens;
      const line = gram[one] as Float64Array;
      for (let two = 0; two < size; two++)
        line[two] = (line[two] as number) + value * (row.counts[two] as number);
    }
  });
  for (let one = 0; one < size; one++) {
    (gram[one] as Float64Array)[one] = ((gram[one] as Float64Array)[one] as number) + ridge;
    target[one] = (target[one] as number) + ridge * (prior[one] as number);
  }
  const solution = Float64Array.from(prior);
  for (let sweep = 0; sweep < 4000; sweep++) {
    let change = 0;
    for (let one = 0; one < size; one++) {
      const line = gram[one] as Float64Array;
      let rest = target[one] as number;
      for (let two = 0; two < size; two++)
        if (two !== one) rest -= (line[two] as number) * (solution[two] as number);
      const next = Math.max(0, rest / (line[one] as number));
      change = Math.max(change, Math.abs(next - (solution[one] as number)));
      solution[one] = next;
    }
    if (change < 1e-7) break;
  }
  return solution;
}
