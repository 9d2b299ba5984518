import { Money, type Receipt } from '@costkit/core';
import { INPUT_ACTIONS } from './input-actions.js';
import { LEVER } from './lever-name.js';

/** What the limiter saves, as the held-out calls show. */
export interface HoldOutSaving {
  /** Calls that the limiter had a hand in, and that it left as they were. */
  readonly calls: { readonly limited: number; readonly heldOut: number };
  /** Saved on a call, on average; negative where the limiter costs more. */
  readonly perCall: Money;
  /** The interval in which the true mean lies in 95 of 100 cases. */
  readonly perCallInterval: readonly [low: Money, high: Money];
  /** Over all limited calls of these receipts. */
  readonly total: Money;
  readonly totalInterval: readonly [low: Money, high: Money];
  /** Whether the interval leaves out zero: then it is no accident. */
  readonly significant: boolean;
}

/** Fewer calls say nothing of a mean. */
const FEWEST = 20;
/**
 * Standard errors around a mean that hold it in 95 of 100 cases: Student's distribution, by its expansion around the
 * normal one (Abramowitz and Stegun, 26.7.5).
 */
const standardErrors = (degrees: number): number => 1.96 + 2.372 / degrees + 2.822 / degrees ** 2;
const HELD_OUT = 'held out';

/**
 * Measures what caps, brevity and repairs save: the mean cost of held-out calls less that of all others, task by task and
 * model by model, so that a task with more or dearer calls weighs as it does in the bill. Repairs are in the cost.
 *
 * @param receipts - of calls through a client with `holdOut`; those without a known cost are left out
 * @param taskTag - the tag that says which task a call is. @defaultValue `"task"`
 * @returns `undefined` while there are fewer than 20 calls of either kind in every task
 *
 * @example
 * ```ts
 * const saving = holdOutSaving(receipts);
 * console.log(`${saving?.total} saved, ${saving?.totalInterval.join(' to ')}`);
 * ```
 */
export function holdOutSaving(
  receipts: Iterable<Receipt>,
  taskTag: string = 'task',
): HoldOutSaving | undefined {
  const groups = new Map<string, { readonly limited: number[]; readonly heldOut: number[] }>();
  for (const { tags, requestedModel, cost, decisions, error } of receipts) {
    const ours = decisions.filter(
      ({ lever, mode, action }) => lever === LEVER && mode === 'enforce' && !INPUT_ACTIONS.has(action),
    );
    if (cost === undefined || error !== undefined || ours.length === 0) continue;
    const key = `${requestedModel} ${tags[taskTag] ?? ''}`;
    const group = groups.get(key) ?? { limited: [], heldOut: [] };
    groups.set(key, group);
    (ours.some(({ action }) => action === HELD_OUT) ? group.heldOut : group.limited).push(
      Number(cost.picoUsd),
    );
  }
  const usable = [...groups.values()].filter(
    ({ limited, heldOut }) => limited.length >= FEWEST && heldOut.length >= FEWEST,
  );
  const limited = usable.reduce((sum, group) => sum + group.limited.length, 0);
  if (limited === 0) return undefined;
  let total = 0;
  let variance = 0;
  /** For the degrees of freedom, after Welch and Satterthwaite. */
  let spread = 0;
  for (const group of usable) {
    const [bare, ours] = [moments(group.heldOut), moments(group.limited)];
    const calls = group.limited.length;
    total += calls * (bare.mean - ours.mean);
    for (const [of, count] of [
      [bare, group.heldOut.length],
      [ours, calls],
    ] as const) {
      const own = (calls ** 2 * of.variance) / count;
      variance += own;
      spread += own ** 2 / (count - 1);
    }
  }
  const error = variance === 0 ? 0 : standardErrors(variance ** 2 / spread) * Math.sqrt(variance);
  const money = (picoUsd: number): Money => Money.fromPicoUsd(Math.round(picoUsd));
  return {
    calls: { limited, heldOut: usable.reduce((sum, group) => sum + group.heldOut.length, 0) },
    perCall: money(total / limited),
    perCallInterval: [money((total - error) / limited), money((total + error) / limited)],
    total: money(total),
    totalInterval: [money(total - error), money(total + error)],
    significant: Math.abs(total) > error,
  };
}

function moments(numbers: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const squares = numbers.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return { mean, variance: squares / (numbers.length - 1) };
}
