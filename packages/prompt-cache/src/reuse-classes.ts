/** What a prefix is, as far as that says how likely it comes again. */
export type PrefixLevel =
  /** Ends in tools or system. */
  | 'stable'
  /** Ends before the last question, or where a prompt parts from an earlier one. */
  | 'shared'
  /** Ends with a user turn, and nobody has seen an earlier turn of it. */
  | 'opening'
  /** Ends with a user turn that continues a conversation seen before. */
  | 'growing';

/** What is known of a prefix when it is first seen. */
export interface PrefixKind {
  readonly level: PrefixLevel;
  /** Which turn of the conversation it ends with, from 1; of anything else, how often it has come again. */
  readonly turn: number;
  /** Tokens of what is new in it: the last turn of a conversation, all of anything else; `undefined`: any. */
  readonly newTokens: number | undefined;
}

/** The chance that a prefix comes again before a point of each lifetime expires. */
export interface Reuse {
  readonly within5m: number;
  readonly within1h: number;
}

/**
 * The chance that a prefix comes again, before anything is known: first, and once it has. An application's tools and
 * system prompt normally repeat; a write that is wrong costs a quarter of what a read that was not written costs.
 */
const PRIOR: Readonly<Record<PrefixLevel, readonly [first: number, again: number]>> = {
  stable: [0.5, 0.7],
  shared: [0.1, 0.5],
  opening: [0.1, 0.1],
  growing: [0.6, 0.6],
};
/** All levels, in the order in which they are kept. */
export const PREFIX_LEVELS: readonly PrefixLevel[] = Object.keys(PRIOR) as PrefixLevel[];

/** Turns that are told apart; later ones are alike. */
const TURNS = 7;
/** Doublings of the new tokens that are told apart. */
const SIZES = 18;
const CLASSES = PREFIX_LEVELS.length * (1 + TURNS * (1 + SIZES));

/** How many prefixes the prior counts for, and a wider class for a narrower one. */
const PRIOR_WEIGHT = 4;
const WIDER_WEIGHT = 20;
/** How much earlier prefixes count when another is observed: some 500 of them. */
const DECAY = 0.998;

/**
 * How long prefixes are open on average before all of them count as failed. Tools and system prompts that repeat do so
 * at once; conversations take their time.
 */
const OPEN_FOR_MS: Readonly<Record<PrefixLevel, number>> = {
  stable: 1_000,
  shared: 100_000,
  opening: 100_000,
  growing: 100_000,
};

/** Counts of one class, in this order in memory. */
const RETURNED = 0;
const FAILED = 1;
const LATE = 2;
/** Prefixes that may still return within five minutes, and the sum of the times at which they were seen. */
const OPEN = 3;
const OPENED_AT = 4;
const COUNTS = 5;

/** How likely new prefixes come again, by what they are: a sketch of fixed size that holds no prefix. */
export interface ReuseClasses {
  /** A prefix was seen. */
  open(kind: PrefixKind, now: number): void;
  /** It came again within five minutes. */
  returned(kind: PrefixKind, openedAt: number): void;
  /** It did not. */
  failed(kind: PrefixKind, openedAt: number): void;
  /** It came again later, within the hour. */
  late(kind: PrefixKind): void;
  /** It was lost sight of. */
  forget(kind: PrefixKind, openedAt: number): void;
  /** The chance for the next arrival. */
  next(kind: PrefixKind, now: number): Reuse;
  /** What was learned, for another process. */
  save(): readonly (readonly number[])[];
  /** Takes these for what was learned; what is not of their form is left out. */
  replace(saved: readonly (readonly number[])[]): void;
}

/** Whether it ends with a turn of a conversation. */
export const isTurn = (level: PrefixLevel): boolean => level === 'opening' || level === 'growing';

/** Starts with the priors. */
export function createReuseClasses(): ReuseClasses {
  const counts = new Float64Array(CLASSES * COUNTS);

  /** The classes of a kind, the widest first. */
  const classesOf = ({ level, turn, newTokens }: PrefixKind): readonly number[] => {
    const levelClass = PREFIX_LEVELS.indexOf(level) * (1 + TURNS * (1 + SIZES));
    const turnClass = levelClass + 1 + Math.min(turn, TURNS - 1) * (1 + SIZES);
    // What is sent again and again is counted as often: it says nothing of what comes for the first time.
    const wide = turn === 0 ? [turnClass] : [levelClass, turnClass];
    if (newTokens === undefined) return wide;
    const size = Math.min(SIZES - 1, Math.max(0, 31 - Math.clz32(newTokens)));
    return [...wide, turnClass + 1 + size];
  };
  const close = (at: number, openedAt: number): void => {
    counts[at + OPEN] = Math.max(0, (counts[at + OPEN] as number) - 1);
    counts[at + OPENED_AT] = counts[at + OPEN] === 0 ? 0 : (counts[at + OPENED_AT] as number) - openedAt;
  };
  const count = (at: number, outcome: number): void => {
    for (const one of [RETURNED, FAILED, LATE]) counts[at + one] = (counts[at + one] as number) * DECAY;
    counts[at + outcome] = (counts[at + outcome] as number) + 1;
  };
  const each = (kind: PrefixKind, change: (at: number) => void): void => {
    for (const one of classesOf(kind)) change(one * COUNTS);
  };

  return {
    open: (kind, now) =>
      each(kind, (at) => {
        counts[at + OPEN] = (counts[at + OPEN] as number) + 1;
        counts[at + OPENED_AT] = (counts[at + OPENED_AT] as number) + now;
      }),
    returned: (kind, openedAt) =>
      each(kind, (at) => {
        close(at, openedAt);
        count(at, RETURNED);
      }),
    failed: (kind, openedAt) =>
      each(kind, (at) => {
        close(at, openedAt);
        count(at, FAILED);
      }),
    late: (kind) =>
      each(kind, (at) => {
        counts[at + LATE] = (counts[at + LATE] as number) + 1;
      }),
    forget: (kind, openedAt) => each(kind, (at) => close(at, openedAt)),
    next: (kind, now) => {
      let within5m = PRIOR[kind.level][kind.turn === 0 ? 0 : 1];
      let late = 0;
      let weight = PRIOR_WEIGHT;
      for (const one of classesOf(kind)) {
        const at = one * COUNTS;
        const returned = counts[at + RETURNED] as number;
        const failed = counts[at + FAILED] as number;
        const open = counts[at + OPEN] as number;
        // Most of what comes again does so soon: what has not, counts as failed the longer the more.
        const waitedMs = Math.max(0, open * now - (counts[at + OPENED_AT] as number));
        const waited = Math.min(open, waitedMs / OPEN_FOR_MS[kind.level]);
        within5m = (within5m * weight + returned) / (weight + returned + failed + waited);
        late = (late * weight + (counts[at + LATE] as number)) / (weight + failed);
        weight = WIDER_WEIGHT;
      }
      return { within5m, within1h: Math.min(1, within5m + (1 - within5m) * Math.min(1, late)) };
    },
    save: () => {
      const rows: number[][] = [];
      for (let one = 0; one < CLASSES; one++) {
        const learned = [RETURNED, FAILED, LATE].map((kind) => counts[one * COUNTS + kind] as number);
        if (learned.some((number) => number > 0))
          rows.push([one, ...learned.map((number) => Math.round(number * 100) / 100)]);
      }
      return rows;
    },
    replace: (saved) => {
      for (const [one = -1, ...learned] of saved) {
        if (!Number.isInteger(one) || one < 0 || one >= CLASSES) continue;
        for (const kind of [RETURNED, FAILED, LATE])
          counts[one * COUNTS + kind] = Math.max(0, learned[kind] ?? 0);
      }
    },
  };
}
