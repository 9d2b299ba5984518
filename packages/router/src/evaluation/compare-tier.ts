import { type Acceptance, saysNothing } from './accept-tiers.js';
import { barOf, type ResolvedBar } from './evaluation-bar.js';
import type { CaseOutcome, TierComparison, Verdict } from './evaluation-report.js';
import { differenceP, lossInterval } from './loss-test.js';
import { countsOf, lossesOf, meanOf, type PairedGrades } from './paired-grades.js';
import { acceptancePower, casesNeeded, detectionPower } from './power.js';

/** The loss whose power every report states. */
const FIVE_POINTS = 0.05;
/** With this power, what was not accepted is not for want of cases. */
const ENOUGH_POWER = 0.8;

/** A comparison of a tier with the baseline: on the same cases. */
export interface TierPair extends PairedGrades {
  readonly baselineOutcomes: readonly CaseOutcome[];
  readonly tierOutcomes: readonly CaseOutcome[];
}

/** Mean dollars of a call that did not end in an error; `null` where one is unknown, or there is none. */
export function usdPerCall(outcomes: readonly CaseOutcome[]): number | null {
  const answered = outcomes.filter(({ failure }) => failure !== 'error');
  const amounts = answered.map(({ usd }) => usd).filter((usd) => usd !== null);
  return amounts.length === 0 || amounts.length < answered.length ? null : meanOf(amounts);
}

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

function summaryOf(
  comparison: Omit<TierComparison, 'summary'>,
  asked: { readonly confidence: number; readonly comparisons: number; readonly minCases: number },
  baselineGrades: readonly number[],
): string {
  const { confidence, comparisons, minCases } = asked;
  const [cases, baselineScore] = [baselineGrades.length, meanOf(baselineGrades)];
  const { verdict, loss, lossLowerBound, lossUpperBound, maxLoss, savedShare } = comparison;
  const at = `at ${points(confidence).replace(/\.0$/, '')} %`;
  if (verdict === 'holds') {
    return `Holds: ${pointsText(loss)} on ${cases} cases, at most ${points(lossUpperBound)} ${at}; ${points(maxLoss)} are allowed. ${savingText(savedShare)}`;
  }
  if (verdict === 'loses') {
    const least = lossLowerBound > 0 ? `, at least ${points(lossLowerBound)} ${at}` : '';
    return `Does not hold: ${pointsText(loss)} on ${cases} cases${least}; ${points(maxLoss)} are allowed. ${savingText(savedShare)}`;
  }
  if (comparison.casesNeeded === undefined) {
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

function verdictOf(
  accepted: boolean,
  loss: number,
  lossLowerBound: number,
  maxLoss: number,
  powerIfEqual: number,
): Verdict {
  if (accepted) return 'holds';
  return loss >= maxLoss && (lossLowerBound > 0 || powerIfEqual >= ENOUGH_POWER) ? 'loses' : 'undecided';
}

/** @param comparisons - how many there are in the report. */
export function compareTier(
  pair: TierPair,
  { accepted, p, adjustedP }: Acceptance,
  bar: ResolvedBar,
  comparisons: number,
): TierComparison {
  const { maxLoss, minCases } = barOf(bar, pair.task);
  const loss = meanOf(lossesOf(pair));
  const { low, high } = lossInterval(pair, bar.confidence);
  const alpha = 1 - bar.confidence;
  const counts = countsOf(pair);
  // What the strictest step of Holm asks for: it may turn out easier.
  const strict = { maxLoss, alpha: alpha / comparisons };
  const powerIfEqual =
    pair.tierGrades.length < minCases || saysNothing(pair, maxLoss)
      ? 0
      : acceptancePower(pair, { ...strict, trueLoss: 0 });
  const verdict = verdictOf(accepted, loss, low, maxLoss, powerIfEqual);
  const supposed = loss < maxLoss ? Math.max(0, loss) : 0;
  const [was, is] = [usdPerCall(pair.baselineOutcomes), usdPerCall(pair.tierOutcomes)];
  const savedUsdPerCall = was === null || is === null ? null : was - is;
  const comparison = {
    verdict,
    loss,
    lossLowerBound: low,
    lossUpperBound: high,
    maxLoss,
    p,
    adjustedP,
    differenceP: differenceP(pair),
    ...(counts === undefined ? {} : { discordant: { losses: counts.losses, gains: counts.gains } }),
    powerIfEqual,
    powerForFivePoints: detectionPower(pair, FIVE_POINTS, alpha),
    ...(verdict === 'undecided' && !saysNothing(pair, maxLoss)
      ? { casesNeeded: Math.max(minCases, casesNeeded(pair, { ...strict, trueLoss: supposed })) }
      : {}),
    savedUsdPerCall,
    savedShare: savedUsdPerCall === null || was === null || was === 0 ? null : savedUsdPerCall / was,
  };
  return {
    ...comparison,
    summary: summaryOf(
      comparison,
      { confidence: bar.confidence, comparisons, minCases },
      pair.baselineGrades,
    ),
  };
}
