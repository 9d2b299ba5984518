import type { Store } from '@costkit/core';
import { type PrefixEntry, type PrefixTable, trialOf } from './prefix-table.js';
import { PREFIX_LEVELS } from './reuse-classes.js';

/** Keeps what was learned where other processes, and later ones, find it: numbers only, no prompt. */
export interface StoredState {
  /** Until the store was read, or {@link READY_MS} have passed; `undefined` from then on. Never rejects. */
  ready(): Promise<void> | undefined;
  /** An answer was taken in: now and then, what is known is written. */
  learned(now: number): void;
}

/** Longest that a call waits for the store, in milliseconds. */
const READY_MS = 250;
const WRITE_EVERY_MS = 10_000;
/** Prefixes that are written, the latest ones. */
const MOST_PREFIXES = 256;
/** Raised when the numbers mean something else. */
const VERSION = 1;
const FIELDS = 12;

interface Content {
  readonly version: number;
  readonly classes: readonly (readonly number[])[];
  readonly prefixes: readonly (readonly number[])[];
}

/**
 * Begins to read at once.
 *
 * @param restored - told every prefix that was taken in
 */
export function storedState(
  store: Store,
  key: string,
  table: PrefixTable,
  restored: (entry: PrefixEntry) => void,
): StoredState {
  let writing = false;
  let writtenAt = Number.NEGATIVE_INFINITY;
  const read = async (): Promise<void> => {
    const { classes, prefixes } = contentOf(await store.get(key));
    table.classes.load(classes);
    for (const numbers of prefixes) {
      const entry = entryOf(numbers);
      if (entry === undefined) continue;
      table.restore(entry);
      restored(entry);
    }
  };
  // A store that fails costs what was learned, never a call.
  let reading: Promise<void> | undefined = atMost(READY_MS, read()).then(() => {
    reading = undefined;
  });

  return {
    ready: () => reading,
    learned: (now) => {
      if (writing || now - writtenAt < WRITE_EVERY_MS) return;
      writing = true;
      writtenAt = now;
      const prefixes = [...table.entries()].slice(-MOST_PREFIXES).map(numbersOf);
      const content: Content = { version: VERSION, classes: table.classes.save(), prefixes };
      const end = (): void => {
        writing = false;
      };
      store.set(key, JSON.stringify(content)).then(end, end);
    },
  };
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

/** What cannot be read is left out: another version wrote it, or something else stands under the key. */
function contentOf(text: string | undefined): Content {
  let content: Partial<Content> | null = null;
  try {
    content = JSON.parse(text ?? 'null') as Partial<Content> | null;
  } catch {}
  const { version, classes, prefixes } = content ?? {};
  return version === VERSION && Array.isArray(classes) && Array.isArray(prefixes)
    ? { version, classes, prefixes }
    : { version: VERSION, classes: [], prefixes: [] };
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

function entryOf(numbers: unknown): PrefixEntry | undefined {
  if (!Array.isArray(numbers) || numbers.length !== FIELDS) return undefined;
  if (!numbers.every((number) => Number.isFinite(number) && number >= 0)) return undefined;
  const [key = 0, level = 0, turn = 0, newTokens = 0, lastSeenAt = 0, ...rest] = numbers as number[];
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
