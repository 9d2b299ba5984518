import { binomialOf } from './binomial.js';
import { firstWhere } from './bisect.js';
import type { PairedCounts } from './paired-counts.js';
import { scoreStatistic } from './score-statistic.js';

/** How many shares of gains are tried; closer together where they are small, and again around the worst. */
const GRID = 64;
const REFINED = 5;
/** Below this a probability is computed anew instead of carried on: what has underflown would stay 0. */
const SAFE = 1e-200;
/** Probabilities below this change no p-value. */
const NEGLIGIBLE = 1e-14;
/** Statistics this close count as equal. */
const TIE = 1e-9;
/** Losses of exactly everything or nothing leave no chance to compute with. */
const MOST = 1 - 1e-9;

// Report, policy and every other bar ask the same of the same counts.
const chances = new Map<string, number>();
const bounds = new Map<string, number>();
const MOST_KNOWN = 4_096;

function remembered(
  known: Map<string, number>,
  { cases, losses, gains }: PairedCounts,
  limit: number,
  compute: () => number,
): number {
  const key = [cases, losses, gains, limit].join();
  let value = known.get(key);
  if (value === undefined) {
    value = compute();
    if (known.size === MOST_KNOWN) known.clear();
    known.set(key, value);
  }
  return value;
}

/**
 * For each number of cases in which the models differ, the most losses among them that are no worse than what was
 * seen; −1 where none are. One more differing case adds one at most.
 */
function acceptedLosses(counts: PairedCounts, loss: number): Int32Array {
  const seen = scoreStatistic(counts, loss) + TIE;
  const { cases } = counts;
  const most = new Int32Array(cases + 1);
  let losses = -1;
  for (let differing = 0; differing <= cases; differing += 1) {
    const next = { cases, losses: losses + 1, gains: differing - losses - 1 };
    if (next.gains >= 0 && scoreStatistic(next, loss) <= seen) losses += 1;
    most[differing] = losses;
  }
  return most;
}

/** The chance of what is accepted, if the models differ by `loss` and the rarer outcome has the share `rarer`. */
function chanceOf(most: Int32Array, loss: number, rarer: number): number {
  const cases = most.length - 1;
  const differingShare = Math.min(1, 2 * rarer + Math.abs(loss));
  const share = differingShare === 0 ? 0.5 : Math.min(1, (rarer + Math.max(loss, 0)) / differingShare);
  const amongDiffering = binomialOf(share);
  const amongAll = binomialOf(differingShare);
  const odds = differingShare / (1 - differingShare);
  let chance = 0;
  // For so many differing cases: how likely they are, how likely `hits` losses and at most `hits` losses are among them.
  let [weight, exactly, atMost, hits] = [0, 0, 0, -1];
  for (let differing = 0; differing <= cases; differing += 1) {
    weight =
      weight > SAFE ? (weight * odds * (cases - differing + 1)) / differing : amongAll(differing, cases);
    if (weight < NEGLIGIBLE && differing > cases * differingShare) break;
    const misses = differing - hits;
    // One case more.
    if (hits >= 0) {
      atMost -= share * exactly;
      exactly =
        exactly > SAFE ? (exactly * differing * (1 - share)) / misses : amongDiffering(hits, differing);
    }
    // One loss more.
    if ((most[differing] as number) > hits) {
      hits += 1;
      exactly =
        exactly > SAFE && share < 1
          ? (exactly * misses * share) / (hits * (1 - share))
          : amongDiffering(hits, differing);
      atMost += exactly;
    }
    if (hits >= 0) chance += weight * Math.max(0, atMost);
  }
  return Math.min(1, chance);
}

/**
 * The p-value of "loses `loss` or more", exact at every number of cases: the chance of an outcome that speaks as
 * strongly against it as what was seen, by Tango's statistic, at the share of differing cases where it is largest.
 *
 * K. Sidik, Statistics in Medicine 22 (2003), 265–278, shows that it is enough to look at a loss of exactly `loss`.
 */
export function exactLossP(counts: PairedCounts, loss: number): number {
  return remembered(chances, counts, loss, () => worstChance(counts, loss));
}

function worstChance(counts: PairedCounts, loss: number): number {
  const most = acceptedLosses(counts, loss);
  const highest = (1 - Math.abs(loss)) / 2;
  const at = (position: number): number => highest * Math.min(1, Math.max(0, position)) ** 2;
  let [worst, worstAt] = [0, 0];
  const look = (position: number): void => {
    const chance = chanceOf(most, loss, at(position));
    if (chance > worst) [worst, worstAt] = [chance, position];
  };
  for (let index = 0; index <= GRID; index += 1) look(index / GRID);
  for (let width = 1 / GRID; width > 1e-3; width /= REFINED) {
    const centre = worstAt;
    for (let index = -REFINED; index <= REFINED; index += 1) look(centre + (index / REFINED) * width);
  }
  return worst;
}

/** The smallest loss that the data rule out at this confidence, one-sided: the inversion of {@link exactLossP}. */
export function exactLossBound(counts: PairedCounts, confidence: number): number {
  return remembered(bounds, counts, confidence, () =>
    firstWhere(-MOST, MOST, (loss) => worstChance(counts, loss) <= 1 - confidence),
  );
}
