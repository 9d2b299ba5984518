const STEPS = 30;

/** Where a condition that does not hold at `low` begins to hold; `high` where it never does before. */
export function firstWhere(
  low: number,
  high: number,
  holds: (value: number) => boolean,
  steps: number = STEPS,
): number {
  let [fails, held] = [low, high];
  for (let step = 0; step < steps; step += 1) {
    const middle = (fails + held) / 2;
    if (holds(middle)) held = middle;
    else fails = middle;
  }
  return held;
}
