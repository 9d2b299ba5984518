/**
 * Figures of routers: how well scores order prompts, and what a threshold saves and keeps, with bootstrap intervals.
 * @module
 */
import { seededRandom } from '../packages/router/src/evaluation/seeded-random.js';
import type { ThresholdSample } from '../packages/router/src/index.js';

const RESAMPLES = 1_000;

/** What one router says of a record that it has not seen. */
export interface Said {
  readonly score: number;
  /** `undefined`: it has no threshold. */
  readonly goesCheap?: boolean;
}

/** A record with what several routers, trained on the other folds, say of it. */
export interface Judged extends ThresholdSample {
  readonly task: string;
  readonly fold: number;
  readonly known: boolean;
  readonly model: Said;
  /** The model, told the task. */
  readonly withTask: Said;
  /** The same kind of model, trained on grades that were shuffled among the records. */
  readonly control: Said;
  /** TF-IDF with logistic regression. */
  readonly floor: Said;
}

/** Which router is meant. */
export type Router = 'model' | 'withTask' | 'control' | 'floor';

/** A figure with its interval of 95 %. */
export interface Estimate {
  readonly value: number;
  readonly interval95: readonly [number, number];
}

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const gainOf = ({ cheap, strong }: Judged): number => strong - cheap;

/** A statistic of all records, with the interval that drawing them anew gives. */
export function resampled(count: number, statistic: (draw: readonly number[]) => number): Estimate {
  const random = seededRandom(7);
  const all = Array.from({ length: count }, (_, at) => at);
  const drawn = Array.from({ length: RESAMPLES }, () =>
    statistic(all.map(() => Math.floor(random() * count))),
  ).sort((one, other) => one - other);
  const at = (share: number): number => drawn[Math.floor(share * RESAMPLES)] as number;
  return { value: statistic(all), interval95: [at(0.025), at(0.975)] };
}

/** How late each record's turn for the strong tier comes, from 0 to 1, within its group; equal scores share a place. */
export function placesOf(
  judged: readonly Judged[],
  router: Router,
  groupOf: (one: Judged) => string = ({ fold }) => `${fold}`,
): number[] {
  const result: number[] = Array(judged.length).fill(0);
  const scored = judged.map((one, at) => ({ at, score: one[router].score, group: groupOf(one) }));
  for (const group of new Set(scored.map((one) => one.group))) {
    const members = scored.filter((one) => one.group === group);
    members.sort((one, other) => other.score - one.score);
    for (let from = 0; from < members.length; ) {
      let to = from;
      while (members[to]?.score === members[from]?.score) to += 1;
      for (const { at } of members.slice(from, to)) result[at] = (from + to) / 2 / members.length;
      from = to;
    }
  }
  return result;
}

const areaOf = (draw: readonly number[], gains: readonly number[], place: readonly number[]): number => {
  let [had, all] = [0, 0];
  for (const at of draw) {
    had += (gains[at] as number) * (1 - (place[at] as number));
    all += gains[at] as number;
  }
  return had / all;
};

/** Share of the gain that is had before its turn at random, as an area (APGR). */
export function apgr(judged: readonly Judged[], place: readonly number[]): Estimate {
  const gains = judged.map(gainOf);
  return resampled(judged.length, (draw) => areaOf(draw, gains, place));
}

/** How far one order is above another, on the same draws. */
export function apgrAbove(
  judged: readonly Judged[],
  place: readonly number[],
  other: readonly number[],
): Estimate {
  const gains = judged.map(gainOf);
  return resampled(judged.length, (draw) => areaOf(draw, gains, place) - areaOf(draw, gains, other));
}

/** The smallest share of calls to the strong tier, in percent, that has a share of the gain (CPT). */
export function callsFor(judged: readonly Judged[], place: readonly number[], share: number): Estimate {
  const gains = judged.map(gainOf);
  return resampled(judged.length, (draw) => {
    const sorted = [...draw].sort((one, other) => (place[one] as number) - (place[other] as number));
    const enough = share * sorted.reduce((sum, at) => sum + (gains[at] as number), 0);
    let had = 0;
    const needed = sorted.findIndex((at) => {
      had += gains[at] as number;
      return had >= enough - 1e-9;
    });
    return (100 * (needed + 1)) / sorted.length;
  });
}

/** Mean distance between what scores say and what comes true, over ten groups of equal size. */
export function calibrationError(judged: readonly Judged[], router: Router): Estimate {
  return resampled(judged.length, (draw) => {
    const sorted = [...draw].sort(
      (one, other) => (judged[one] as Judged)[router].score - (judged[other] as Judged)[router].score,
    );
    let error = 0;
    for (let group = 0; group < 10; group += 1) {
      const part = sorted.slice((group * sorted.length) / 10, ((group + 1) * sorted.length) / 10);
      const off = part.reduce((sum, at) => {
        const one = judged[at] as Judged;
        return sum + one[router].score - (gainOf(one) > 0 ? 1 : 0);
      }, 0);
      error += Math.abs(off) / sorted.length;
    }
    return error;
  });
}

/** What a router's own threshold does: which share goes to the cheap tier, and which quality is kept. */
export function atThreshold(
  judged: readonly Judged[],
  router: Router,
  savingOf: (cheapShare: number) => number,
): { readonly saved: Estimate; readonly shareOfStrongQuality: Estimate } {
  const cheap = judged.map((one) => one[router].goesCheap === true);
  return {
    saved: resampled(judged.length, (draw) => savingOf(mean(draw.map((at) => (cheap[at] ? 1 : 0))))),
    shareOfStrongQuality: resampled(judged.length, (draw) => {
      const strong = mean(draw.map((at) => (judged[at] as Judged).strong));
      const reached = mean(
        draw.map((at) => (cheap[at] ? (judged[at] as Judged).cheap : (judged[at] as Judged).strong)),
      );
      return reached / strong;
    }),
  };
}
