import { meanOf, type PairedGrades } from './paired-grades.js';
import { normalQuantile } from './statistics/normal.js';

/** Why no number of cases would do: the baseline is hardly ever right, or a judge goes by the order of the answers. */
export type NothingToTell = 'baseline' | 'judge';

/** Cases that a judge decided alike in both orders, and those for which the order alone decided. */
export function decidedByJudge({ judgements = [] }: PairedGrades): {
  readonly alike: number;
  readonly byOrder: number;
} {
  let [alike, byOrder] = [0, 0];
  for (const { baselineFirst, tierFirst } of judgements) {
    if (![baselineFirst, tierFirst].every((one) => one === 'tier' || one === 'baseline')) continue;
    if (baselineFirst === tierFirst) alike += 1;
    else byOrder += 1;
  }
  return { alike, byOrder };
}

/**
 * Why a pair tells nothing, whatever its grades. A baseline that is right no more often than a tier may lose hides any
 * loss, and so does a judge that prefers whatever stands first: both make every tier look as good. Answers that are
 * equally good fall to either order as often as not; if they do so more often by no chance, it is the judge. Few such
 * cases could hide no loss above the limit.
 */
export function nothingToTell(
  pair: PairedGrades,
  maxLoss: number,
  confidence: number,
): NothingToTell | undefined {
  const { baselineGrades } = pair;
  const cases = baselineGrades.length;
  if (cases > 0 && meanOf(baselineGrades) <= maxLoss) return 'baseline';
  const { alike, byOrder } = decidedByJudge(pair);
  const surplus = normalQuantile(confidence) * Math.sqrt(alike + byOrder);
  return byOrder > 2 * maxLoss * cases && byOrder - alike > surplus ? 'judge' : undefined;
}
