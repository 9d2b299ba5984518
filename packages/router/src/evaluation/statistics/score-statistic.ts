import { exchanged, type PairedCounts } from './paired-counts.js';

/**
 * Tango's score statistic for a difference of paired shares: how far the loss that was seen lies from `loss`, in
 * standard errors as they are if `loss` is the truth. Negative: less was lost.
 *
 * T. Tango, Statistics in Medicine 17 (1998), 891–908.
 */
export function scoreStatistic(counts: PairedCounts, loss: number): number {
  if (loss < 0) return -scoreStatistic(exchanged(counts), -loss);
  const { cases, losses, gains } = counts;
  const distance = losses - gains - cases * loss;
  if (distance === 0) return 0;
  // The share of gains that is most likely if the loss is `loss`: the root of 2n·q² − b·q − c.
  const b = losses + gains + loss * (losses - gains - 2 * cases);
  const c = gains * loss * (1 - loss);
  const gainShare = Math.max(0, (b + Math.sqrt(Math.max(0, b * b + 8 * cases * c))) / (4 * cases));
  return distance / Math.sqrt(cases * (2 * gainShare + loss - loss * loss));
}
