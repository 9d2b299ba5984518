import { meanOf, type PairedGrades } from './paired-grades.js';
import { binomialOf } from './statistics/binomial.js';

/** Why no number of cases would do: the baseline is hardly ever right, or a judge goes by the order of the answers. */
export type NothingToTell = 'baseline' | 'judge';

/** Cases that a judge decided alike in both orders, and those for which the order alone decided. */
export function decidedByJudge({ judgements = [] }: PairedGrades): {
  readonly alike: number;
  readonly byOrder: number;
} {
  const decided = judgements.filter((judgement) =>
    [judgement.baselineFirst, judgement.tierFirst].every((one) => one === 'tier' || one === 'baseline'),
  );
  const alike = decided.filter(({ baselineFirst, tierFirst }) => baselineFirst === tierFirst).length;
  return { alike, byOrder: decided.length - alike };
}

/**
 * Whether the order decides more often than the answers do. Answers that are equally good fall to either order as often
 * as not; less often than that by no chance, it is the judge. Few such cases could hide no loss above the limit.
 */
function goesByOrder(pair: PairedGrades, maxLoss: number, confidence: number): boolean {
  const { alike, byOrder } = decidedByJudge(pair);
  if (byOrder / 2 <= maxLoss * pair.tierGrades.length) return false;
  const even = binomialOf(0.5);
  let tail = 0;
  for (let hits = 0; hits <= alike; hits += 1) tail += even(hits, alike + byOrder);
  return tail <= 1 - confidence;
}

/**
 * Why a pair tells nothing, whatever its grades. A baseline that is right no more often than a tier may lose hides any
 * loss, and so does a judge that prefers whatever stands first: both make every tier look as good.
 */
export function nothingToTell(
  pair: PairedGrades,
  maxLoss: number,
  confidence: number,
): NothingToTell | undefined {
  const { baselineGrades } = pair;
  if (baselineGrades.length > 0 && meanOf(baselineGrades) <= maxLoss) return 'baseline';
  return goesByOrder(pair, maxLoss, confidence) ? 'judge' : undefined;
}
