/**
 * Bounds of a share of which some cases were seen, each one-sided and exact (Clopper and Pearson).
 *
 * @param found - cases that are counted, of `all`
 * @param confidence - of each bound
 */
export function shareBounds(
  found: number,
  all: number,
  confidence: number,
): { readonly low: number; readonly high: number } {
  const rest = 1 - confidence;
  return {
    // The least share with which so many or more are still to be expected, and the greatest for so many or fewer.
    low: found === 0 ? 0 : solve((share) => 1 - atMost(found - 1, all, share) < rest),
    high: found === all ? 1 : solve((share) => atMost(found, all, share) > rest),
  };
}

/** Where a condition that holds for small shares stops to hold. */
function solve(holds: (share: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The chance of so many or fewer, of a number of cases. */
function atMost(found: number, all: number, share: number): number {
  let logarithm = all * Math.log1p(-share);
  let sum = Math.exp(logarithm);
  for (let count = 1; count <= found; count += 1) {
    logarithm += Math.log((all - count + 1) / count) + Math.log(share) - Math.log1p(-share);
    sum += Math.exp(logarithm);
  }
  return Math.min(1, sum);
}
