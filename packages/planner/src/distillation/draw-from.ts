/** A task that prompts can be drawn from. */
export interface TaskToDraw {
  readonly task: string;
  /** Prompts it has. */
  readonly available: number;
  /** Its part of the total, relative to the others. */
  readonly weight: number;
}

/**
 * Shares a total among tasks by weight. What a task has no prompts for goes to the others: nothing is drawn twice, and
 * the total is reached while any task has prompts left.
 *
 * @returns prompts to draw, by task
 */
export function drawFrom(tasks: readonly TaskToDraw[], total: number): ReadonlyMap<string, number> {
  const drawn = new Map<string, number>();
  let left = total;
  let open = tasks.filter(({ weight }) => weight > 0);
  for (;;) {
    const weight = open.reduce((sum, task) => sum + task.weight, 0);
    const unit = left / weight;
    const full = open.filter((task) => task.available <= task.weight * unit);
    if (full.length === 0) break;
    for (const { task, available } of full) {
      drawn.set(task, available);
      left -= available;
    }
    open = open.filter((task) => !full.includes(task));
    if (open.length === 0) return drawn;
  }
  // Whole prompts: the largest remainders get what rounding down has left.
  const weight = open.reduce((sum, task) => sum + task.weight, 0);
  const parts = open.map((task) => {
    const exact = (left * task.weight) / weight;
    return { ...task, whole: Math.floor(exact), remainder: exact - Math.floor(exact) };
  });
  let spare = left - parts.reduce((sum, { whole }) => sum + whole, 0);
  for (const { task, whole } of parts.sort((one, other) => other.remainder - one.remainder)) {
    drawn.set(task, whole + (spare > 0 ? 1 : 0));
    spare -= 1;
  }
  return drawn;
}
