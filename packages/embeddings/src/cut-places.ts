/** Sizes of units, as sums from the start, so that the size of any range is one subtraction. */
export type Sums = readonly number[];

/** How large pieces may be. */
export interface PieceSizes {
  /** A piece is at most as large, unless a single unit is larger. */
  readonly most: number;
  /** A smaller piece joins a neighbour where both fit. */
  readonly least: number;
}

/**
 * Chooses the places at which units are cut into pieces. A place is cut when the units between its stronger neighbours,
 * the nearest places on each side that want to be cut more, are too many for one piece. So whether a place is cut depends
 * on what lies between those neighbours alone, and an edit moves no cut elsewhere.
 *
 * @param sums - `sums[i]` is the size of the units before `i`; one more than there are units.
 * @param priorities - of the place before each unit; the first is not a place.
 * @returns indexes of the units before which to cut, in order
 */
export function cutPlaces(sums: Sums, priorities: readonly number[], { most, least }: PieceSizes): number[] {
  const count = priorities.length;
  const [before, behind] = strongerNeighbours(priorities);
  const cuts: number[] = [];
  for (let place = 1; place < count; place += 1) {
    const size = (sums[behind[place] as number] as number) - (sums[before[place] as number] as number);
    if (size > most) cuts.push(place);
  }
  return withoutSmall(cuts, sums, priorities, { most, least });
}

/** Of each place, the nearest on the left and on the right that is stronger; the ends of the text where none is. */
function strongerNeighbours(priorities: readonly number[]): [before: number[], behind: number[]] {
  const count = priorities.length;
  const before = new Array<number>(count).fill(0);
  const behind = new Array<number>(count).fill(count);
  const open: number[] = [];
  for (let place = 1; place < count; place += 1) {
    const priority = priorities[place] as number;
    for (
      let last = open.at(-1);
      last !== undefined && (priorities[last] as number) < priority;
      last = open.at(-1)
    ) {
      behind[last] = place;
      open.pop();
    }
    before[place] = open.at(-1) ?? 0;
    open.push(place);
  }
  return [before, behind];
}

/** Takes cuts out, the weakest first, as long as one side is small and both fit into one piece. */
function withoutSmall(
  cuts: readonly number[],
  sums: Sums,
  priorities: readonly number[],
  { most, least }: PieceSizes,
): number[] {
  const ends = [0, ...cuts, priorities.length];
  const previous = ends.map((_, index) => index - 1);
  const next = ends.map((_, index) => index + 1);
  const at = (index: number): number => sums[ends[index] as number] as number;
  const kept = new Set(cuts);
  const weakestFirst = Array.from(cuts, (_, index) => index + 1).sort(
    (one, other) =>
      (priorities[ends[one] as number] as number) - (priorities[ends[other] as number] as number),
  );
  for (const index of weakestFirst) {
    const [left, right] = [previous[index] as number, next[index] as number];
    const [head, tail] = [at(index) - at(left), at(right) - at(index)];
    if (Math.min(head, tail) >= least || head + tail > most) continue;
    kept.delete(ends[index] as number);
    next[left] = right;
    previous[right] = left;
  }
  return cuts.filter((cut) => kept.has(cut));
}
