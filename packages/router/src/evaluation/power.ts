import { countsOf, lossesOf, meanOf, type PairedGrades } from './paired-grades.js';
import { firstWhere } from './statistics/bisect.js';
import { exactLossP } from './statistics/exact-paired-test.js';
import { normalQuantile, normalShareBelow } from './statistics/normal.js';

/** The chance that is asked for when cases are planned. */
const PLANNED_POWER = 0.8;

/** What decides how much a number of cases can show. */
export interface PowerQuestion {
  /** The loss that must be ruled out. */
  readonly maxLoss: number;
  /** The chance of a wrong acceptance of this one comparison. */
  readonly alpha: number;
  /** The loss that is supposed to be true. */
  readonly trueLoss: number;
}

/**
 * How far the losses of single cases spread around `trueLoss`. One case that differs is added: a handful that agree do
 * not show that all others will.
 */
function spreadOf(pair: PairedGrades, trueLoss: number): number {
  const squares = [1, ...lossesOf(pair).map((loss) => loss * loss)];
  return Math.sqrt(Math.max(meanOf(squares) - trueLoss * trueLoss, 1e-6));
}

const fewest = new Map<string, number>();

/** With fewer cases even a tier that loses none of them is not accepted. */
function fewestCases(pair: PairedGrades, { maxLoss, alpha }: PowerQuestion): number {
  // That no loss of `maxLoss` shows by chance alone: enough for grades in between, the least for right and wrong.
  const low = Math.ceil(Math.log(alpha) / Math.log1p(-maxLoss));
  if (countsOf(pair) === undefined) return low;
  const key = `${maxLoss} ${alpha}`;
  const known = fewest.get(key);
  if (known !== undefined) return known;
  const isEnough = (cases: number): boolean => exactLossP({ cases, losses: 0, gains: 0 }, maxLoss) <= alpha;
  const found = Math.ceil(firstWhere(low, 4 * low, (cases) => isEnough(Math.ceil(cases)), 12));
  fewest.set(key, found);
  return found;
}

/** About how likely the tier is accepted with as many cases as there are. */
export function acceptancePower(pair: PairedGrades, question: PowerQuestion): number {
  const cases = pair.tierGrades.length;
  if (cases < fewestCases(pair, question)) return 0;
  const errors =
    (question.maxLoss - question.trueLoss) / (spreadOf(pair, question.trueLoss) / Math.sqrt(cases));
  return normalShareBelow(errors - normalQuantile(1 - question.alpha));
}

/** About how likely a loss of this size shows as a loss at all, one-sided. */
export function detectionPower(pair: PairedGrades, loss: number, alpha: number): number {
  const errors = (loss / spreadOf(pair, loss)) * Math.sqrt(pair.tierGrades.length);
  return normalShareBelow(errors - normalQuantile(1 - alpha));
}

/** About how many cases are needed to accept the tier four times in five; to two digits, and more than there are. */
export function casesNeeded(pair: PairedGrades, question: PowerQuestion): number {
  const errors = normalQuantile(1 - question.alpha) + normalQuantile(PLANNED_POWER);
  const bySpread =
    ((errors * spreadOf(pair, question.trueLoss)) / (question.maxLoss - question.trueLoss)) ** 2;
  const cases = Math.max(bySpread, fewestCases(pair, question), pair.tierGrades.length + 1);
  const digit = 10 ** Math.max(0, Math.floor(Math.log10(cases)) - 1);
  return Math.ceil(cases / digit) * digit;
}
