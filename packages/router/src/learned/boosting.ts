import { seededRandom } from '../evaluation/seeded-random.js';
import { treeValue } from './tree.js';
import type { TreeJson } from './types.js';

const BINS = 32;
const LEARNING_RATE = 0.05;
const ROW_SHARE = 0.6;
const FEATURE_SHARE = 0.5;
const MIN_LEAF = 20;
/** A leaf counts as if this many more records with no error were in it, so that few records change little. */
const LEAF_SHRINKAGE = 50;
/** Never reached from the left: everything is below it. */
const NO_CUT = Number.MAX_VALUE;

/** Sums of what is left and counts of rows, by candidate and bin. */
interface Histogram {
  readonly sums: Float64Array;
  readonly counts: Int32Array;
}

interface Split {
  readonly feature: number;
  readonly bin: number;
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/** The bounds between bins of about the same number of rows. */
function boundsOf(values: readonly number[]): number[] {
  const sorted = [...values].sort((one, other) => one - other);
  const bounds: number[] = [];
  for (let bin = 1; bin < BINS; bin += 1) {
    const bound = sorted[Math.floor((bin * sorted.length) / BINS)]!;
    if (bound > (bounds.at(-1) ?? sorted[0]!)) bounds.push(bound);
  }
  return bounds;
}

/** The number of the bin that a value falls into: how many bounds it reaches. */
function binOf(bounds: readonly number[], value: number): number {
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value >= bounds[middle]!) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Makes what grows trees of depth two, each fitted to what those before it left of `errors`. */
export function createBooster(
  rows: readonly (readonly number[])[],
  errors: readonly number[],
  seed: number,
): () => TreeJson {
  const random = seededRandom(seed);
  const features = rows[0]?.length ?? 0;
  const bounds = Array.from({ length: features }, (_, feature) => boundsOf(rows.map((row) => row[feature]!)));
  const bins = bounds.map((own, feature) => Uint8Array.from(rows, (row) => binOf(own, row[feature]!)));
  const left = Float64Array.from(errors);

  const sumOf = (members: readonly number[]): number => members.reduce((sum, row) => sum + left[row]!, 0);
  const strength = (sum: number, count: number): number => (sum * sum) / (count + LEAF_SHRINKAGE);

  const histogramOf = (members: readonly number[], candidates: readonly number[]): Histogram => {
    const sums = new Float64Array(candidates.length * BINS);
    const counts = new Int32Array(candidates.length * BINS);
    candidates.forEach((feature, at) => {
      const own = bins[feature]!;
      const start = at * BINS;
      for (let member = 0; member < members.length; member += 1) {
        const row = members[member]!;
        const place = start + own[row]!;
        sums[place]! += left[row]!;
        counts[place]! += 1;
      }
    });
    return { sums, counts };
  };

  function split(
    members: readonly number[],
    candidates: readonly number[],
    { sums, counts }: Histogram,
  ): Split | undefined {
    const total = sumOf(members);
    const count = members.length;
    let best = strength(total, count) + 1e-9;
    let found: { feature: number; bin: number } | undefined;
    for (let at = 0; at < candidates.length; at += 1) {
      const feature = candidates[at]!;
      let [sumBelow, countBelow] = [0, 0];
      for (let bin = 0; bin < bounds[feature]!.length; bin += 1) {
        sumBelow += sums[at * BINS + bin]!;
        countBelow += counts[at * BINS + bin]!;
        if (countBelow < MIN_LEAF || count - countBelow < MIN_LEAF) continue;
        const gained = strength(sumBelow, countBelow) + strength(total - sumBelow, count - countBelow);
        if (gained > best) {
          best = gained;
          found = { feature, bin };
        }
      }
    }
    if (found === undefined) return undefined;
    const { feature, bin } = found;
    const below = (row: number): boolean => bins[feature]![row]! <= bin;
    return { feature, bin, left: members.filter(below), right: members.filter((row) => !below(row)) };
  }

  /** Both halves; what is in the larger is what the whole has and the smaller has not. Uses the whole up. */
  function splitHalves(
    halves: readonly (readonly number[])[],
    candidates: readonly number[],
    whole: Histogram,
  ): (Split | undefined)[] {
    const smaller = halves[0]!.length <= halves[1]!.length ? 0 : 1;
    const small = histogramOf(halves[smaller]!, candidates);
    const { sums, counts } = whole;
    for (let at = 0; at < sums.length; at += 1) {
      sums[at]! -= small.sums[at]!;
      counts[at]! -= small.counts[at]!;
    }
    return halves.map((half, side) => split(half, candidates, side === smaller ? small : whole));
  }

  const nodeOf = (found: Split | undefined): [number, number] =>
    found === undefined ? [0, NO_CUT] : [found.feature, bounds[found.feature]![found.bin]!];
  const leafOf = (members: readonly number[]): number =>
    Number(((LEARNING_RATE * sumOf(members)) / (members.length + LEAF_SHRINKAGE)).toPrecision(6));

  return () => {
    const members = rows.map((_, row) => row).filter(() => random() < ROW_SHARE);
    const candidates = bounds.map((_, feature) => feature).filter(() => random() < FEATURE_SHARE);
    const whole = histogramOf(members, candidates);
    const root = split(members, candidates, whole);
    const halves = root === undefined ? [members, []] : [root.left, root.right];
    const branches = splitHalves(halves, candidates, whole);
    const nodes = [root, ...branches].map(nodeOf);
    const tree: TreeJson = {
      features: nodes.map(([feature]) => feature),
      cuts: nodes.map(([, cut]) => cut),
      leaves: halves.flatMap((half, side) => {
        const branch = branches[side];
        return branch === undefined
          ? [leafOf(half), leafOf(half)]
          : [leafOf(branch.left), leafOf(branch.right)];
      }),
    };
    rows.forEach((row, at) => {
      left[at]! -= treeValue(tree, row);
    });
    return tree;
  };
}
