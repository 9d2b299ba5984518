import { countsOf, lossesOf, type PairedGrades } from './paired-grades.js';
import { boundedMeanBound, boundedMeanP } from './statistics/bounded-mean.js';
import { exactLossBound, exactLossP } from './statistics/exact-paired-test.js';
import { mcNemarP } from './statistics/mcnemar.js';
import { exchanged } from './statistics/paired-counts.js';
import type { Interval } from './statistics/wilson.js';

const negated = (values: readonly number[]): number[] => values.map((value) => -value);

/** The p-value of "the tier loses `maxLoss` or more": small where the cases speak against such a loss. */
export function lossP(pair: PairedGrades, maxLoss: number): number {
  if (pair.tierGrades.length === 0) return 1;
  const counts = countsOf(pair);
  return counts === undefined ? boundedMeanP(lossesOf(pair), maxLoss, 1) : exactLossP(counts, maxLoss);
}

/** The losses that the cases do not rule out; each end for itself has this confidence. */
export function lossInterval(pair: PairedGrades, confidence: number): Interval {
  if (pair.tierGrades.length === 0) return { low: -1, high: 1 };
  const counts = countsOf(pair);
  if (counts !== undefined) {
    return {
      low: -exactLossBound(exchanged(counts), confidence),
      high: exactLossBound(counts, confidence),
    };
  }
  const losses = lossesOf(pair);
  return {
    low: -boundedMeanBound(negated(losses), confidence, -1, 1),
    high: boundedMeanBound(losses, confidence, -1, 1),
  };
}

/** The two-sided p-value of "both are equally good": McNemar's exact test where answers are right or wrong. */
export function differenceP(pair: PairedGrades): number {
  const counts = countsOf(pair);
  if (counts !== undefined) return mcNemarP(counts);
  const losses = lossesOf(pair);
  return Math.min(1, 2 * Math.min(boundedMeanP(losses, 0, 1), boundedMeanP(negated(losses), 0, 1)));
}
