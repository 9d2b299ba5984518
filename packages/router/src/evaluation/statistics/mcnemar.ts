import { binomialOf } from './binomial.js';
import type { PairedCounts } from './paired-counts.js';

/** McNemar's exact test: the two-sided p-value that both models are right equally often. */
export function mcNemarP({ losses, gains }: PairedCounts): number {
  const differing = losses + gains;
  const even = binomialOf(0.5);
  let tail = 0;
  for (let hits = 0; hits <= Math.min(losses, gains); hits += 1) {
    tail += even(hits, differing);
  }
  return Math.min(1, 2 * tail);
}
