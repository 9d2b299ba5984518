/**
 * Figures of routers: how well scores order prompts, and what a threshold saves and keeps.
 * @module
 */
import type { ThresholdSample } from '../packages/router/src/evaluation.js';
import { type Draws, type Estimate, estimate, meanIn } from './router-draws.js';

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

const gainsOf = (judged: readonly Judged[]): Float64Array =>
  Float64Array.from(judged, ({ cheap, strong }) => strong - cheap);

/** How late each record's turn for the strong tier comes, from 0 to 1, within its group; equal scores share a place. */
export function placesOf(
  judged: readonly Judged[],
  router: Router,
  groupOf: (one: Judged) => string = ({ fold }) => `${fold}`,
): Float64Array {
  const places = new Float64Array(judged.length);
  const groups = new Map<string, { readonly at: number; readonly score: number }[]>();
  judged.forEach((one, at) => {
    const group = groupOf(one);
    const members = groups.get(group) ?? [];
    groups.set(group, members);
    members.push({ at, score: one[router].score });
  });
  for (const members of groups.values()) {
    members.sort((one, other) => other.score - one.score);
    for (let from = 0; from < members.length; ) {
      let to = from;
      while (members[to]?.score === members[from]?.score) to += 1;
      for (const { at } of members.slice(from, to)) places[at] = (from + to) / 2 / members.length;
      from = to;
    }
  }
  return places;
}

/** Share of the gain that is had before its turn at random, as an area (APGR). */
export function apgr(judged: readonly Judged[], places: Float64Array, draws: Draws): Estimate {
  const gains = gainsOf(judged);
  const early = gains.map((gain, at) => gain * (1 - (places[at] as number)));
  return estimate(draws, (draw) => meanIn(draw, early) / meanIn(draw, gains));
}

/** How far one order is above another, on the same draws. */
export function apgrAbove(
  judged: readonly Judged[],
  places: Float64Array,
  others: Float64Array,
  draws: Draws,
): Estimate {
  const gains = gainsOf(judged);
  const earlier = gains.map((gain, at) => gain * ((others[at] as number) - (places[at] as number)));
  return estimate(draws, (draw) => meanIn(draw, earlier) / meanIn(draw, gains));
}

const sortedBy = (values: ArrayLike<number>): number[] =>
  Array.from(values, (_, at) => at).sort((one, other) => (values[one] as number) - (values[other] as number));

/** The smallest share of calls to the strong tier, in percent, that has a share of the gain (CPT). */
export function callsFor(
  judged: readonly Judged[],
  places: Float64Array,
  share: number,
  draws: Draws,
): Estimate {
  const gains = gainsOf(judged);
  const order = sortedBy(places);
  return estimate(draws, (draw) => {
    const enough = share * meanIn(draw, gains) * judged.length - 1e-9;
    let [had, calls] = [0, 0];
    for (const at of order) {
      if (had >= enough && calls > 0) break;
      had += (draw[at] as number) * (gains[at] as number);
      calls += draw[at] as number;
    }
    return (100 * calls) / judged.length;
  });
}

/** Mean distance between what scores say and what comes true, over ten groups of equal size. */
export function calibrationError(judged: readonly Judged[], router: Router, draws: Draws): Estimate {
  const scores = Float64Array.from(judged, (one) => one[router].score);
  const off = gainsOf(judged).map((gain, at) => (scores[at] as number) - (gain > 0 ? 1 : 0));
  const order = sortedBy(scores);
  const groupSize = judged.length / 10;
  return estimate(draws, (draw) => {
    let [error, sum, room] = [0, 0, groupSize];
    for (const at of order) {
      let left = draw[at] as number;
      while (left > 0) {
        const taken = Math.min(left, room);
        sum += taken * (off[at] as number);
        left -= taken;
        room -= taken;
        if (room > 1e-9) continue;
        error += Math.abs(sum) / judged.length;
        [sum, room] = [0, groupSize];
      }
    }
    return error;
  });
}

/** What a router's own threshold does. */
export interface AtThreshold {
  /** Share of the cost of sending everything to the strong tier. */
  readonly saved: Estimate;
  /** Mean grade, as a share of the strong tier's. */
  readonly shareOfStrongQuality: Estimate;
  /** The same when as many prompts go to the cheap tier, but which ones is chance. */
  readonly byChance: Estimate;
}

/** What calls cost, as shares of a call to the strong tier. */
export interface CallCosts {
  readonly cheapShare: number;
  /** The cheap tier is asked first, and paid for whether or not its answer is taken. */
  readonly drafts: boolean;
}

/** What a router's own threshold saves and keeps. Where its threshold takes no answer, no draft is asked for. */
export function atThreshold(
  judged: readonly Judged[],
  router: Router,
  { cheapShare, drafts }: CallCosts,
  draws: Draws,
): AtThreshold {
  const drafting = new Set(judged.flatMap((one) => (one[router].goesCheap === true ? [one.fold] : [])));
  const savings = judged.map((one) => {
    const kept = one[router].goesCheap === true ? 1 : 0;
    const drafted = drafts ? drafting.has(one.fold) : kept === 1;
    return kept - (drafted ? cheapShare : 0);
  });
  const goesCheap = Float64Array.from(judged, (one) => (one[router].goesCheap === true ? 1 : 0));
  const cheap = judged.map((one) => one.cheap);
  const strong = judged.map((one) => one.strong);
  const reached = judged.map((one) => (one[router].goesCheap === true ? one.cheap : one.strong));
  return {
    saved: estimate(draws, (draw) => meanIn(draw, savings)),
    shareOfStrongQuality: estimate(draws, (draw) => meanIn(draw, reached) / meanIn(draw, strong)),
    byChance: estimate(draws, (draw) => {
      const share = meanIn(draw, goesCheap);
      return 1 - share + (share * meanIn(draw, cheap)) / meanIn(draw, strong);
    }),
  };
}
