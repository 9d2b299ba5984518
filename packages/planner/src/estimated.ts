import type { Estimated } from './plan.js';

/** Which end of an interval is meant. */
export type Pick = 'low' | 'expected' | 'high';

/** One number of an estimate. */
export function pickOf(estimate: Estimated, pick: Pick): number {
  return typeof estimate === 'number' ? estimate : estimate[pick];
}
