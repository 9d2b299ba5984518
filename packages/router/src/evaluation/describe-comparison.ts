import { type Comparison, strictQuestion, type TierPair } from './compare-tier.js';
import { barOf, type ResolvedBar } from './evaluation-bar.js';
import type { TierComparison } from './evaluation-report.js';
import { differenceP } from './loss-test.js';
import { decidedByJudge } from './nothing-to-tell.js';
import { countsOf, meanOf } from './paired-grades.js';
import { casesNeeded, detectionPower } from './power.js';

/** The loss whose power every report states. */
const FIVE_POINTS = 0.05;

const points = (share: number): string => (100 * share).toFixed(1).replace(/^-(0\.0)$/, '$1');

const pointsText = (loss: number): string => {
  if (points(loss) === '0.0') return 'loses nothing';
  return loss < 0 ? `gains ${points(-loss)} points` : `loses ${points(loss)} points`;
};

const savingText = (share: number | null): string => {
  if (share === null) return 'Its cost is unknown.';
  const percent = points(Math.abs(share));
  return share < 0 ? `It costs ${percent} % more.` : `It saves ${percent} %.`;
};

/** A verdict in a sentence, with its figures. */
function summaryOf(
  pair: TierPair,
  comparison: Omit<TierComparison, 'summary'>,
  bar: ResolvedBar,
  comparisons: number,
): string {
  const { minCases } = barOf(bar, pair.task);
  const [cases, baselineScore] = [pair.baselineGrades.length, meanOf(pair.baselineGrades)];
  const { verdict, loss, lossLowerBound, lossUpperBound, maxLoss, savedShare } = comparison;
  const at = `at ${points(bar.confidence).replace(/\.0$/, '')} %`;
  if (verdict === 'holds') {
    return `Holds: ${pointsText(loss)} on ${cases} cases, at most ${points(lossUpperBound)} ${at}; ${points(maxLoss)} are allowed. ${savingText(savedShare)}`;
  }
  if (verdict === 'loses') {
    const least = lossLowerBound > 0 ? `, at least ${points(lossLowerBound)} ${at}` : '';
    return `Does not hold: ${pointsText(loss)} on ${cases} cases${least}; ${points(maxLoss)} are allowed. ${savingText(savedShare)}`;
  }
  if (comparison.nothingToTell === 'judge') {
    const { alike, byOrder } = decidedByJudge(pair);
    return `Nothing to tell: on ${byOrder} of ${cases} cases the judge preferred whatever stood first, or second, and on ${alike} the same answer in both orders. Ask another judge, or give it a rubric. ${savingText(savedShare)}`;
  }
  if (comparison.nothingToTell === 'baseline') {
    return `Nothing to tell: the baseline itself gets ${points(baselineScore)} % on ${cases} cases, so even a tier that is always wrong would lose no more than the ${points(maxLoss)} points allowed. Look at the cases and the grader. ${savingText(savedShare)}`;
  }
  const most = `at most ${points(lossUpperBound)} ${at}`;
  const open =
    lossUpperBound >= maxLoss
      ? `and ${points(lossUpperBound)} are not ruled out`
      : cases < minCases
        ? `${most}, but the bar asks for ${minCases} cases`
        : `${most}, which alone would hold but not among ${comparisons} comparisons`;
  return `Not enough cases: ${pointsText(loss)} on ${cases}, ${open}; need about ${comparison.casesNeeded}. ${savingText(savedShare)}`;
}

/**
 * A comparison as the report has it: with a sentence, and what its cases could show.
 *
 * @param comparisons - how many there are in the report.
 */
export function describeComparison(
  pair: TierPair,
  comparison: Comparison,
  bar: ResolvedBar,
  comparisons: number,
): TierComparison {
  const { loss, maxLoss, verdict, nothingToTell } = comparison;
  const counts = countsOf(pair);
  const trueLoss = loss < maxLoss ? Math.max(0, loss) : 0;
  const cases =
    verdict === 'undecided' && nothingToTell === undefined
      ? casesNeeded(pair, { ...strictQuestion(maxLoss, bar, comparisons), trueLoss })
      : undefined;
  const described = {
    ...comparison,
    differenceP: differenceP(pair),
    ...(counts === undefined ? {} : { discordant: { losses: counts.losses, gains: counts.gains } }),
    powerForFivePoints: detectionPower(pair, FIVE_POINTS, 1 - bar.confidence),
    ...(cases === undefined ? {} : { casesNeeded: Math.max(barOf(bar, pair.task).minCases, cases) }),
  };
  return { ...described, summary: summaryOf(pair, described, bar, comparisons) };
}
