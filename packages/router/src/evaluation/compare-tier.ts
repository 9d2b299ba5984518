import type { Acceptance } from './accept-tiers.js';
import { barOf, type ResolvedBar } from './evaluation-bar.js';
import type { CaseOutcome, TierComparison, Verdict } from './evaluation-report.js';
import { lossInterval } from './loss-test.js';
import { lossesOf, meanOf, type PairedGrades } from './paired-grades.js';
import { acceptancePower, type PowerQuestion } from './power.js';

/** With this power, what was not accepted is not for want of cases. */
const ENOUGH_POWER = 0.8;

/** A comparison of a tier with the baseline: on the same cases. */
export interface TierPair extends PairedGrades {
  readonly baselineOutcomes: readonly CaseOutcome[];
  readonly tierOutcomes: readonly CaseOutcome[];
}

/** What a comparison came to, as far as a policy needs it; the report adds the rest. */
export type Comparison = Omit<
  TierComparison,
  'summary' | 'differenceP' | 'discordant' | 'powerForFivePoints' | 'casesNeeded'
>;

/** Mean dollars of a call that did not end in an error; `null` where one is unknown, or there is none. */
export function usdPerCall(outcomes: readonly CaseOutcome[]): number | null {
  const answered = outcomes.filter(({ failure }) => failure !== 'error');
  const amounts = answered.map(({ usd }) => usd).filter((usd) => usd !== null);
  return amounts.length === 0 || amounts.length < answered.length ? null : meanOf(amounts);
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

/** What the strictest step of Holm asks for: it may turn out easier. */
export const strictQuestion = (
  maxLoss: number,
  { confidence }: ResolvedBar,
  comparisons: number,
): Omit<PowerQuestion, 'trueLoss'> => ({ maxLoss, alpha: (1 - confidence) / comparisons });

/** @param comparisons - how many there are in the report. */
export function compareTier(
  pair: TierPair,
  { accepted, p, adjustedP, nothing }: Acceptance,
  bar: ResolvedBar,
  comparisons: number,
): Comparison {
  const { maxLoss, minCases } = barOf(bar, pair.task);
  const loss = meanOf(lossesOf(pair));
  const { low, high } = lossInterval(pair, bar.confidence);
  const powerIfEqual =
    pair.tierGrades.length < minCases || nothing !== undefined
      ? 0
      : acceptancePower(pair, { ...strictQuestion(maxLoss, bar, comparisons), trueLoss: 0 });
  const verdict = verdictOf(accepted, loss, low, maxLoss, powerIfEqual);
  const [was, is] = [usdPerCall(pair.baselineOutcomes), usdPerCall(pair.tierOutcomes)];
  const savedUsdPerCall = was === null || is === null ? null : was - is;
  return {
    verdict,
    loss,
    lossLowerBound: low,
    lossUpperBound: high,
    maxLoss,
    p,
    adjustedP,
    powerIfEqual,
    ...(nothing === undefined || verdict !== 'undecided' ? {} : { nothingToTell: nothing }),
    savedUsdPerCall,
    savedShare: savedUsdPerCall === null || was === null || was === 0 ? null : savedUsdPerCall / was,
  };
}
