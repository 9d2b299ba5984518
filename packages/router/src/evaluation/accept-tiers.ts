import { barOf, type ResolvedBar } from './evaluation-bar.js';
import { lossP } from './loss-test.js';
import { type NothingToTell, nothingToTell } from './nothing-to-tell.js';
import type { PairedGrades } from './paired-grades.js';
import { holmAdjusted } from './statistics/holm.js';

/** Whether a tier is good enough for a task. */
export interface Acceptance {
  readonly accepted: boolean;
  /** Of "loses `maxLoss` or more", for this comparison alone. */
  readonly p: number;
  /** The same, adjusted for the number of comparisons. */
  readonly adjustedP: number;
  /** Why the grades tell nothing, where they do not. */
  readonly nothing: NothingToTell | undefined;
}

/**
 * Which tiers are good enough for which tasks. All comparisons at once: the chance that any is accepted wrongly is one
 * minus the confidence at most, however many there are.
 *
 * @returns in the order of `pairs`.
 */
export function acceptTiers(pairs: readonly PairedGrades[], bar: ResolvedBar): readonly Acceptance[] {
  // A comparison that its number of cases rules out still counts: which ones those are is no chance, but simple is safe.
  const pValues = pairs.map((pair) => lossP(pair, barOf(bar, pair.task).maxLoss));
  const adjusted = holmAdjusted(pValues);
  return pairs.map((pair, index) => {
    const [p, adjustedP] = [pValues[index] ?? 1, adjusted[index] ?? 1];
    const { maxLoss, minCases } = barOf(bar, pair.task);
    const nothing = nothingToTell(pair, maxLoss, bar.confidence);
    // What is exactly at the limit must not fall on the wrong side of rounding.
    const isSure = adjustedP <= 1 - bar.confidence + 1e-12;
    const accepted = isSure && nothing === undefined && pair.tierGrades.length >= minCases;
    return { accepted, p, adjustedP, nothing };
  });
}
