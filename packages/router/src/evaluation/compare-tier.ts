import type { Acceptance } from './accept-tiers.js';
import { barOf, type ResolvedBar } from './evaluation-bar.js';
import type { CaseOutcome, TierComparison, Verdict } from './evaluation-report.js';
import { differenceP, lossInterval } from './loss-test.js';
import { nothingToTell } from './nothing-to-tell.js';
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

/** What a comparison came to; the report adds the sentence. */
export type Comparison = Omit<TierComparison, 'summary'>;

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

/** @param comparisons - how many there are in the report. */
export function compareTier(
  pair: TierPair,
  { accepted, p, adjustedP }: Acceptance,
  bar: ResolvedBar,
  comparisons: number,
): Comparison {
  const { maxLoss, minCases } = barOf(bar, pair.task);
  const loss = meanOf(lossesOf(pair));
  const { low, high } = lossInterval(pair, bar.confidence);
  const alpha = 1 - bar.confidence;
  const counts = countsOf(pair);
  // What the strictest step of Holm asks for: it may turn out easier.
  const strict = { maxLoss, alpha: alpha / comparisons };
  const nothing = nothingToTell(pair, maxLoss, bar.confidence);
  const powerIfEqual =
    pair.tierGrades.length < minCases || nothing !== undefined
      ? 0
      : acceptancePower(pair, { ...strict, trueLoss: 0 });
  const verdict = verdictOf(accepted, loss, low, maxLoss, powerIfEqual);
  const supposed = loss < maxLoss ? Math.max(0, loss) : 0;
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
    differenceP: differenceP(pair),
    ...(counts === undefined ? {} : { discordant: { losses: counts.losses, gains: counts.gains } }),
    powerIfEqual,
    powerForFivePoints: detectionPower(pair, FIVE_POINTS, alpha),
    ...(verdict !== 'undecided'
      ? {}
      : nothing === undefined
        ? { casesNeeded: Math.max(minCases, casesNeeded(pair, { ...strict, trueLoss: supposed })) }
        : { nothingToTell: nothing }),
    savedUsdPerCall,
    savedShare: savedUsdPerCall === null || was === null || was === 0 ? null : savedUsdPerCall / was,
  };
}
