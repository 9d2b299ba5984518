import { type LinearHead, probabilityOf } from './linear-head.js';

/** How firmly a tier's log-odds are held to those of its own head: it takes some hundred records to move them much. */
const RIDGE = 30;
const STEPS = 20;
const TOLERANCE = 1e-10;

/** The log-odds that two heads give one record: the cheap tier's, the strong tier's. */
export type Odds = readonly [cheap: number, strong: number];

/** New log-odds as sums of the old ones: an intercept and a factor for each. */
type Mixture = readonly [intercept: number, cheap: number, strong: number];

/** How the log-odds of two heads make those of either tier. */
export interface HeadMixture {
  readonly cheap: Mixture;
  readonly strong: Mixture;
}

const apply = ([intercept, cheap, strong]: Mixture, odds: Odds): number =>
  intercept + cheap * odds[0] + strong * odds[1];

/** Solves three equations of a matrix that is symmetric and positive: Gaussian elimination needs no pivoting. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at]!]);
  for (let pivot = 0; pivot < rows.length; pivot += 1) {
    for (let row = pivot + 1; row < rows.length; row += 1) {
      const factor = rows[row]![pivot]! / rows[pivot]![pivot]!;
      for (let column = pivot; column <= rows.length; column += 1)
        rows[row]![column]! -= factor * rows[pivot]![column]!;
    }
  }
  const solution = new Array<number>(rows.length).fill(0);
  for (let row = rows.length - 1; row >= 0; row -= 1) {
    let rest = rows[row]![rows.length]!;
    for (let column = row + 1; column < rows.length; column += 1)
      rest -= rows[row]![column]! * solution[column]!;
    solution[row] = rest / rows[row]![row]!;
  }
  return solution;
}

/** Logistic regression of grades on both log-odds by Newton's method, shrunk towards the head's own. */
function fitMixture(odds: readonly Odds[], grades: readonly number[], own: 0 | 1): Mixture {
  const means = [0, 1].map((head) => odds.reduce((sum, one) => sum + one[head]! / odds.length, 0));
  const prior = own === 0 ? [0, 1, 0] : [0, 0, 1];
  const ridges = [0, RIDGE, RIDGE];
  let weights = prior;
  for (let step = 0; step < STEPS; step += 1) {
    const slope = weights.map((weight, at) => ridges[at]! * (weight - prior[at]!));
    const curvature = ridges.map((ridge, at) => ridges.map((_, other) => (at === other ? ridge + 1e-9 : 0)));
    odds.forEach((one, record) => {
      const row = [1, one[0] - means[0]!, one[1] - means[1]!];
      const said = probabilityOf(means[own]! + row.reduce((sum, value, at) => sum + value * weights[at]!, 0));
      const bend = said * (1 - said);
      row.forEach((value, at) => {
        slope[at]! += (said - grades[record]!) * value;
        row.forEach((other, place) => {
          curvature[at]![place]! += bend * value * other;
        });
      });
    });
    const change = solve(curvature, slope);
    weights = weights.map((weight, at) => weight - Math.max(-1, Math.min(1, change[at]!)));
    if (change.every((one) => Math.abs(one) < TOLERANCE)) break;
  }
  const [shift, cheap, strong] = weights as [number, number, number];
  return [means[own]! + shift - cheap * means[0]! - strong * means[1]!, cheap, strong];
}

/**
 * Learns from log-odds of records that the heads had not seen how far to trust them. Heads that were fitted apart, each on
 * its own tier's noise, overstate where the tiers differ and understate what both find hard; the gain is their difference.
 */
export function learnMixture(
  odds: readonly Odds[],
  cheap: readonly number[],
  strong: readonly number[],
): HeadMixture {
  return { cheap: fitMixture(odds, cheap, 0), strong: fitMixture(odds, strong, 1) };
}

/** The log-odds after mixing. */
export const mixedOdds = ({ cheap, strong }: HeadMixture, odds: Odds): Odds => [
  apply(cheap, odds),
  apply(strong, odds),
];

/** Heads that give mixed log-odds by themselves: mixing is linear, and so costs nothing when prompts are judged. */
export function mixHeads(
  mixture: HeadMixture,
  heads: { readonly cheap: LinearHead; readonly strong: LinearHead },
): { readonly cheap: LinearHead; readonly strong: LinearHead } {
  const mixed = (one: Mixture): LinearHead => ({
    intercept: apply(one, [heads.cheap.intercept, heads.strong.intercept]),
    weights: Float64Array.from(
      { length: heads.cheap.weights.length },
      (_, at) => one[1] * heads.cheap.weights[at]! + one[2] * heads.strong.weights[at]!,
    ),
  });
  return { cheap: mixed(mixture.cheap), strong: mixed(mixture.strong) };
}
