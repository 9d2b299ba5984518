/** Lengths of the latest answers of one kind of call. */
export interface AnswerLengths {
  readonly count: number;
  /** Mean in tokens; 0 when there are none. */
  readonly mean: number;
  /**
   * The length that a share of the answers does not exceed. An answer that we cut counts double; one that its
   * request cut says nothing of how long another may be, and counts as endless.
   */
  quantile(share: number): number;
  /** Mean number of tokens by which the answers exceed a cap. */
  meanAbove(cap: number): number;
  /** Share of the answers that are as long as a cap, or longer. */
  shareReaching(cap: number): number;
  /**
   * The length, of those that were seen, that is the best cap by a price.
   * @param priceOf - what a cap costs, and the share of the answers that would be longer, one not seen yet among them.
   */
  bestCap(priceOf: (cap: number, shareAbove: number) => number): number | undefined;
}

/** What was seen of one kind of call: a task on a model. */
export interface AnswerRecord {
  /** Answers that the limiter had a hand in, or all of them while it observes. */
  readonly limited: AnswerLengths;
  /** Answers of the hold-out, which got neither cap nor instruction. */
  readonly heldOut: AnswerLengths;
}

/** Whose cap ended an answer, which would have been longer by an unknown length: our own, or the request's. */
type CutBy = 'limiter' | 'request';

/** Remembers how long answers are, in bounded memory. */
export interface AnswerHistory {
  add(
    key: string,
    tokens: number,
    options: { readonly heldOut: boolean; readonly cutBy: CutBy | undefined },
  ): void;
  /** Counts what the repair of one of the latest answers took; which of them makes no difference to their mean. */
  lengthen(key: string, tokens: number): void;
  get(key: string): AnswerRecord;
}

/** Latest answers that count: enough for a 99th percentile, few enough to follow a change. */
const REMEMBERED = 200;
const MAX_KEYS = 1_000;
/** A cut answer counts as this many times what was seen of it, so that caps learn upwards. */
const CUT_COUNTS: Readonly<Record<CutBy, number>> = { limiter: 2, request: Number.POSITIVE_INFINITY };

interface Lengths extends AnswerLengths {
  add(tokens: number, cutBy: CutBy | undefined): void;
  lengthen(tokens: number): void;
}

/** Index of the first of ascending numbers that is at least `bound`. */
function firstAtLeast(ascending: readonly number[], bound: number): number {
  let from = 0;
  let to = ascending.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ascending[middle] as number) < bound) from = middle + 1;
    else to = middle;
  }
  return from;
}

function createLengths(): Lengths {
  const ring: number[] = [];
  /** The same answers, the cut ones at the length they may have had. */
  const reach: number[] = [];
  /** `reach` in order, kept so: every call asks for a quantile, and to sort anew would cost it more than all else. */
  const sorted: number[] = [];
  let next = 0;
  let sum = 0;
  return {
    get count() {
      return ring.length;
    },
    get mean() {
      return ring.length === 0 ? 0 : sum / ring.length;
    },
    quantile: (share) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0,
    meanAbove: (cap) =>
      ring.length === 0
        ? 0
        : ring.reduce((total, tokens) => total + Math.max(0, tokens - cap), 0) / ring.length,
    shareReaching: (cap) =>
      ring.length === 0 ? 0 : ring.filter((tokens) => tokens >= cap).length / ring.length,
    bestCap: (priceOf) => {
      let best: number | undefined;
      let least = Number.POSITIVE_INFINITY;
      for (const [index, cap] of sorted.entries()) {
        if (cap === sorted[index + 1] || !Number.isFinite(cap)) continue;
        const price = priceOf(cap, (sorted.length - index - 0.5) / (sorted.length + 1));
        if (price < least) [best, least] = [cap, price];
      }
      return best;
    },
    add: (tokens, cutBy) => {
      sum += tokens - (ring[next] ?? 0);
      ring[next] = tokens;
      const forgotten = reach[next];
      if (forgotten !== undefined) sorted.splice(firstAtLeast(sorted, forgotten), 1);
      reach[next] = cutBy === undefined ? tokens : tokens * CUT_COUNTS[cutBy];
      sorted.splice(firstAtLeast(sorted, reach[next] as number), 0, reach[next] as number);
      next = (next + 1) % REMEMBERED;
    },
    lengthen: (tokens) => {
      const latest = (next + REMEMBERED - 1) % REMEMBERED;
      const length = ring[latest];
      if (length === undefined) return;
      ring[latest] = length + tokens;
      sum += tokens;
    },
  };
}

const NOTHING: AnswerRecord = { limited: createLengths(), heldOut: createLengths() };

/** Makes a history; the kind of call that was seen longest ago is forgotten first. */
export function createAnswerHistory(): AnswerHistory {
  const records = new Map<string, { readonly limited: Lengths; readonly heldOut: Lengths }>();
  return {
    add: (key, tokens, { heldOut, cutBy }) => {
      const record = records.get(key) ?? { limited: createLengths(), heldOut: createLengths() };
      records.delete(key);
      records.set(key, record);
      if (records.size > MAX_KEYS) records.delete(records.keys().next().value as string);
      (heldOut ? record.heldOut : record.limited).add(tokens, cutBy);
    },
    // What was held out has no cap of ours, and no repair.
    lengthen: (key, tokens) => records.get(key)?.limited.lengthen(tokens),
    get: (key) => records.get(key) ?? NOTHING,
  };
}
