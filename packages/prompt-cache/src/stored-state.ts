import type { Store } from '@costkit/core';
import { type PrefixEntry, type PrefixTable, trialOf } from './prefix-table.js';
import { PREFIX_LEVELS } from './reuse-classes.js';

/** Keeps what was learned where other processes, and later ones, find it: numbers only, no prompt. */
export interface StoredState {
  /** Until the store was read, or {@link READY_MS} have passed; `undefined` from then on. Never rejects. */
  ready(): Promise<void> | undefined;
  /** An answer was taken in: now and then, what is known is written, and what others have written is taken in. */
  learned(now: number): void;
}

/** Longest that a call waits for the store, in milliseconds. */
const READY_MS = 250;
const WRITE_EVERY_MS = 10_000;
/** Prefixes that are written, the latest ones. */
const MOST_PREFIXES = 256;
/** Processes whose last write is remembered, the latest ones. */
const MOST_WRITERS = 64;
/** Raised when the numbers mean something else. */
const VERSION = 2;
const FIELDS = 12;

type Numbers = readonly number[];

interface Content {
  readonly version: number;
  readonly classes: readonly Numbers[];
  readonly prefixes: readonly Numbers[];
  /** How often each process has written, so that it sees whether another has written over it. */
  readonly writers: readonly (readonly [id: string, writes: number])[];
}

/**
 * Begins to read at once. Processes that share a key add up what they learn: a write is what the store holds, and what
 * was learned here since. A store has no write that waits for its turn, so two processes may still write at once; the
 * one whose write is lost sees so by `writers`, and brings it in again.
 *
 * @param restored - told every prefix that was taken in
 */
export function storedState(
  store: Store,
  key: string,
  table: PrefixTable,
  restored: (entry: PrefixEntry) => void,
): StoredState {
  const id = crypto.randomUUID();
  let writes = 0;
  /** What the store held and is part of the table; and what was added to it by a write that nobody has confirmed. */
  let known: Counts = new Map();
  let pending: Counts = new Map();
  let writing = false;
  let writtenAt = Number.NEGATIVE_INFINITY;

  /** Whether the last write is in the store; among more processes than are remembered it is taken to be. */
  const isKept = (writers: Content['writers']): boolean => {
    const own = writers.find(([writer]) => writer === id);
    return own === undefined ? writers.length >= MOST_WRITERS : own[1] === writes;
  };
  /** Takes in what others have learned; what they do not know yet is in the table, and in `pending`. */
  const takeIn = ({ classes, prefixes, writers }: Content): void => {
    // Nothing was written yet, or what was is gone: all that is known here is news.
    if (writers.length === 0) {
      known = new Map();
      pending = new Map();
    }
    const stored = countsOf(classes);
    let learned = combined(countsOf(table.classes.save()), known, -1);
    if (isKept(writers)) learned = combined(learned, pending, -1);
    table.classes.replace([...combined(stored, learned, 1)].map(([one, counts]) => [one, ...counts]));
    known = stored;
    pending = learned;
    for (const numbers of prefixes) {
      const entry = entryOf(numbers);
      if (entry !== undefined && table.restore(entry)) restored(entry);
    }
  };
  const write = async (): Promise<void> => {
    const before = contentOf(await store.get(key));
    takeIn(before);
    writes += 1;
    const content: Content = {
      version: VERSION,
      classes: table.classes.save(),
      prefixes: latest(before.prefixes, [...table.entries()].slice(-MOST_PREFIXES).map(numbersOf)),
      writers: [...before.writers.filter(([writer]) => writer !== id), [id, writes] as const].slice(
        -MOST_WRITERS,
      ),
    };
    await store.set(key, JSON.stringify(content));
  };
  // A store that fails costs what was learned, never a call.
  const read = async (): Promise<void> => takeIn(contentOf(await store.get(key)));
  let reading: Promise<void> | undefined = atMost(READY_MS, read()).then(() => {
    reading = undefined;
  });

  return {
    ready: () => reading,
    learned: (now) => {
      if (writing || now - writtenAt < WRITE_EVERY_MS) return;
      writing = true;
      writtenAt = now;
      const end = (): void => {
        writing = false;
      };
      write().then(end, end);
    },
  };
}

/** Counts by their class. */
type Counts = ReadonlyMap<number, Numbers>;

const countsOf = (rows: readonly Numbers[]): Counts =>
  new Map(rows.flatMap(([one, ...counts]) => (one === undefined ? [] : [[one, counts]])));

/** One and the other added up, or taken from one another. */
function combined(one: Counts, other: Counts, sign: 1 | -1): Counts {
  const sums = new Map(one);
  for (const [of, counts] of other)
    sums.set(
      of,
      counts.map((count, index) => (one.get(of)?.[index] ?? 0) + sign * count),
    );
  return sums;
}

/** The prefixes that were seen last, each once, as the process knows it that has seen it last. */
function latest(stored: readonly Numbers[], own: readonly Numbers[]): readonly Numbers[] {
  const byKey = new Map<number | undefined, Numbers>();
  const seenAt = ([, , , , at = 0]: Numbers): number => at;
  for (const numbers of [...stored, ...own]) {
    const before = byKey.get(numbers[0]);
    if (before === undefined || seenAt(before) <= seenAt(numbers)) byKey.set(numbers[0], numbers);
  }
  return [...byKey.values()].sort((one, other) => seenAt(one) - seenAt(other)).slice(-MOST_PREFIXES);
}

/** Waits for a promise for so long; how it ends does not matter. */
function atMost(ms: number, promise: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    promise.then(end, end);
  });
}

const isNumbers = (value: unknown): value is Numbers =>
  Array.isArray(value) && value.every((number) => Number.isFinite(number) && number >= 0);

/** What cannot be read is left out: another version wrote it, or something else stands under the key. */
function contentOf(text: string | undefined): Content {
  let content: Partial<Content> | null = null;
  try {
    content = JSON.parse(text ?? 'null') as Partial<Content> | null;
  } catch {}
  const { version, classes, prefixes, writers } = content ?? {};
  return version === VERSION && [classes, prefixes, writers].every(Array.isArray)
    ? {
        version,
        classes: (classes as Numbers[]).filter(isNumbers),
        prefixes: (prefixes as Numbers[]).filter(isNumbers),
        writers: (writers as Content['writers']).filter(Array.isArray),
      }
    : { version: VERSION, classes: [], prefixes: [], writers: [] };
}

const rounded = (number: number): number => Math.round(number * 100) / 100;

function numbersOf({ key, kind, writtenFor, ...entry }: PrefixEntry): readonly number[] {
  return [
    key,
    PREFIX_LEVELS.indexOf(kind.level),
    kind.turn,
    Math.round(kind.newTokens ?? 0),
    entry.lastSeenAt,
    rounded(entry.gaps),
    rounded(entry.gapsWithin5m),
    rounded(entry.gapsWithin1h),
    entry.repeats,
    entry.confirmedUntil,
    writtenFor === '1h' ? 1 : 0,
    entry.offUntil,
  ];
}

function entryOf(numbers: Numbers): PrefixEntry | undefined {
  if (numbers.length !== FIELDS) return undefined;
  const [key = 0, level = 0, turn = 0, newTokens = 0, lastSeenAt = 0, ...rest] = numbers;
  const [gaps = 0, gapsWithin5m = 0, gapsWithin1h = 0, repeats = 0, cachedUntil = 0, long = 0, offUntil = 0] =
    rest;
  const name = PREFIX_LEVELS[level];
  if (name === undefined) return undefined;
  const kind = { level: name, turn, newTokens };
  return {
    key,
    kind,
    lastSeenAt,
    gaps,
    gapsWithin5m,
    gapsWithin1h,
    repeats,
    trial: trialOf({ kind, repeats }),
    open: false,
    late: false,
    cachedUntil,
    writtenFor: long === 1 ? '1h' : '5m',
    confirmedUntil: cachedUntil,
    missedReads: 0,
    offUntil,
  };
}
