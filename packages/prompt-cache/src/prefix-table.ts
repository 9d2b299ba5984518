import { createBoundedQueue } from './bounded-queue.js';
import { MAX_MISSED_READS, SHORTEST_GAP_MS, SWITCHED_OFF_MS, TTL_MS } from './constants.js';
import {
  createReuseClasses,
  isTurn,
  type PrefixKind,
  type Reuse,
  type ReuseClasses,
} from './reuse-classes.js';

/** One prefix that was seen. */
export interface PrefixEntry {
  readonly key: number;
  readonly kind: PrefixKind;
  lastSeenAt: number;
  /** Gaps that were observed, older ones counting less, and how many of them were short. */
  gaps: number;
  gapsWithin5m: number;
  gapsWithin1h: number;
  /** How often it has come again as it is. */
  repeats: number;
  /** What it is since it was last seen, and whether that is still open, and became late: what is alike learns from it. */
  trial: PrefixKind;
  open: boolean;
  late: boolean;
  /** Until when it is in the service's cache if every request that was to write it did. */
  cachedUntil: number;
  /** The lifetime it was written with; a read refreshes that one, whatever the reading request asks for. */
  writtenFor: '5m' | '1h';
  /** The same, from requests whose answer says that something was cached. */
  confirmedUntil: number;
  missedReads: number;
  offUntil: number;
}

/** How many gaps of a prefix of its own the gaps of its kind count for. */
const KIND_WEIGHT = 2;
/** How much earlier gaps count when another is observed. */
const GAP_DECAY = 0.9;
/** Turns of a conversation that are foreseen one by one. */
const FORESEEN_TURNS = 6;
/** Nothing is so certain that nothing else counts. */
const MOST_CERTAIN = 0.98;

/** Which prefixes a client sends, and how soon they come again. Bounded, and holds no text. */
export interface PrefixTable {
  readonly size: number;
  /** How likely prefixes of each kind come again. */
  readonly classes: ReuseClasses;
  /** The entries, the longest unseen first. */
  entries(): Iterable<PrefixEntry>;
  /**
   * Takes in an entry that another process has seen. Of one that is known here, only what it has in the cache.
   * @returns whether it was unknown
   */
  restore(entry: PrefixEntry): boolean;
  /** The entry of a prefix, without counting an arrival. */
  find(key: number): PrefixEntry | undefined;
  /** Counts an arrival of a prefix. */
  sight(key: number, kind: PrefixKind, now: number): PrefixEntry;
  /** Counts an arrival of a conversation's next turn, whose gaps go on where the earlier turn's stopped. */
  extend(earlier: PrefixEntry, key: number, kind: PrefixKind, now: number): PrefixEntry;
  /** The chance that a prefix comes again; 0 while it is switched off. */
  reuse(entry: PrefixEntry, now: number): Reuse;
}

/** @param maxPrefixes - entries held; the longest unseen is forgotten first */
export function createPrefixTable(maxPrefixes: number): PrefixTable {
  const entries = new Map<number, PrefixEntry>();
  const classes = createReuseClasses();
  /** Arrivals less than five minutes ago, the oldest first. */
  const young = createBoundedQueue<Young>(maxPrefixes);

  const begin = (entry: PrefixEntry, now: number): void => {
    entry.trial = trialOf(entry);
    entry.open = true;
    entry.late = false;
    classes.open(entry.trial, now);
    const dropped = young.push({ entry, openedAt: now });
    if (dropped !== undefined && isOpen(dropped)) {
      dropped.entry.open = false;
      classes.forget(dropped.entry.trial, dropped.openedAt);
    }
  };

  const insert = (key: number, kind: PrefixKind, now: number): PrefixEntry => {
    const entry = newEntry(key, kind, now);
    put(entry);
    begin(entry, now);
    return entry;
  };

  const put = (entry: PrefixEntry): void => {
    entries.set(entry.key, entry);
    if (entries.size > maxPrefixes) entries.delete(entries.keys().next().value as number);
  };

  /** Those whose five minutes are over without another arrival have failed. */
  const grow = (now: number): void => {
    for (let oldest = young.first(); oldest !== undefined; oldest = young.first()) {
      if (now - oldest.openedAt <= TTL_MS['5m']) return;
      young.shift();
      if (!isOpen(oldest)) continue;
      oldest.entry.open = false;
      oldest.entry.late = true;
      classes.failed(oldest.entry.trial, oldest.openedAt);
    }
  };

  const end = (entry: PrefixEntry, gapMs: number): void => {
    if (entry.open) classes.returned(entry.trial, entry.lastSeenAt);
    else if (entry.late && gapMs <= TTL_MS['1h']) classes.late(entry.trial);
    entry.open = false;
    entry.late = false;
  };

  const addGap = (entry: PrefixEntry, from: PrefixEntry, gapMs: number): void => {
    entry.gaps = from.gaps * GAP_DECAY + 1;
    entry.gapsWithin5m = from.gapsWithin5m * GAP_DECAY + (gapMs <= TTL_MS['5m'] ? 1 : 0);
    entry.gapsWithin1h = from.gapsWithin1h * GAP_DECAY + (gapMs <= TTL_MS['1h'] ? 1 : 0);
  };

  const touch = (entry: PrefixEntry, now: number): void => {
    entry.lastSeenAt = now;
    // Maps keep the order of insertion: what is put back is the last to be forgotten.
    entries.delete(entry.key);
    entries.set(entry.key, entry);
  };

  const observe = (entry: PrefixEntry, now: number): void => {
    const gapMs = now - entry.lastSeenAt;
    if (gapMs < SHORTEST_GAP_MS) return;
    end(entry, gapMs);
    addGap(entry, entry, gapMs);
    touch(entry, now);
    entry.repeats += 1;
    begin(entry, now);
  };

  return {
    get size() {
      return entries.size;
    },
    classes,
    entries: () => entries.values(),
    restore: (entry) => {
      const here = entries.get(entry.key);
      if (here === undefined) put(entry);
      else if (here.confirmedUntil < entry.confirmedUntil) {
        here.writtenFor = entry.writtenFor;
        here.confirmedUntil = entry.confirmedUntil;
        here.cachedUntil = Math.max(here.cachedUntil, entry.confirmedUntil);
      }
      return here === undefined;
    },
    find: (key) => entries.get(key),
    sight: (key, kind, now) => {
      grow(now);
      const entry = entries.get(key);
      if (entry === undefined) return insert(key, kind, now);
      observe(entry, now);
      return entry;
    },
    extend: (earlier, key, kind, now) => {
      grow(now);
      const known = entries.get(key);
      if (known !== undefined) {
        observe(known, now);
        return known;
      }
      const gapMs = now - earlier.lastSeenAt;
      end(earlier, gapMs);
      const entry = insert(key, kind, now);
      addGap(entry, earlier, gapMs);
      touch(earlier, now);
      return entry;
    },
    reuse: (entry, now) => {
      grow(now);
      if (entry.offUntil > now) return { within5m: 0, within1h: 0 };
      return isTurn(entry.trial.level)
        ? reuseOfTurn(entry, classes, now)
        : reuseOfRepeated(entry, classes, now);
    },
  };
}

interface Young {
  readonly entry: PrefixEntry;
  readonly openedAt: number;
}

/** Whether nothing has come of an arrival yet. */
const isOpen = ({ entry, openedAt }: Young): boolean => entry.open && entry.lastSeenAt === openedAt;

/** A prompt that is sent again as it is does not go on: it is like other passages that are. */
export function trialOf({ kind, repeats }: Pick<PrefixEntry, 'kind' | 'repeats'>): PrefixKind {
  if (repeats === 0) return kind;
  const { level, newTokens } = kind;
  return { level: isTurn(level) ? 'shared' : level, turn: repeats, newTokens };
}

function newEntry(key: number, kind: PrefixKind, now: number): PrefixEntry {
  return {
    key,
    kind,
    lastSeenAt: now,
    gaps: 0,
    gapsWithin5m: 0,
    gapsWithin1h: 0,
    repeats: 0,
    trial: kind,
    open: false,
    late: false,
    cachedUntil: 0,
    writtenFor: '5m',
    confirmedUntil: 0,
    missedReads: 0,
    offUntil: 0,
  };
}

/** Every gap of a prefix that is sent again and again says how the next one will be. */
function reuseOfRepeated(entry: PrefixEntry, classes: ReuseClasses, now: number): Reuse {
  const kind = classes.next(entry.trial, now);
  // What is alike has come again as often: the first gap says nothing more.
  const blend = (ofKind: number, own: number): number =>
    (KIND_WEIGHT * ofKind + Math.max(0, own - 1)) / (KIND_WEIGHT + Math.max(0, entry.gaps - 1));
  return {
    within5m: blend(kind.within5m, entry.gapsWithin5m),
    within1h: blend(kind.within1h, entry.gapsWithin1h),
  };
}

/**
 * A conversation goes on until it ends, and that it went on so far does not say for how long: what is like it does. How
 * soon it goes on, it says itself. What is written for the next turn is read by all that follow, so the chance is that of
 * a prefix which comes again as often.
 */
function reuseOfTurn(entry: PrefixEntry, classes: ReuseClasses, now: number): Reuse {
  const chances = [ownPace(entry, classes.next(entry.trial, now))];
  for (let ahead = 1; ahead <= FORESEEN_TURNS; ahead++) {
    const kind: PrefixKind = { level: 'growing', turn: entry.kind.turn + ahead, newTokens: undefined };
    chances.push(ownPace(entry, classes.next(kind, now)));
  }
  const asIfRepeated = (of: keyof Reuse): number => {
    const last = Math.min(MOST_CERTAIN, (chances.at(-1) as Reuse)[of]);
    const reads = chances
      .slice(0, -1)
      .reduceRight((further, chance) => chance[of] * (1 + further), last / (1 - last));
    return reads / (1 + reads);
  };
  return { within5m: asIfRepeated('within5m'), within1h: asIfRepeated('within1h') };
}

function ownPace(entry: PrefixEntry, { within5m, within1h }: Reuse): Reuse {
  if (entry.gaps === 0 || within1h === 0) return { within5m, within1h };
  const share = within5m / within1h;
  // Gaps of more than an hour are no pace; what is left of them counts for neither.
  const own = (KIND_WEIGHT * share + entry.gapsWithin5m) / (KIND_WEIGHT + entry.gapsWithin1h);
  return { within5m: within1h * Math.min(1, own), within1h };
}

/** A request with a point at this prefix is on its way. */
export function markCached(entry: PrefixEntry, now: number, ttl: '5m' | '1h'): void {
  if (entry.cachedUntil <= now) entry.writtenFor = ttl;
  entry.cachedUntil = now + TTL_MS[entry.writtenFor];
}

/** A request with a point at this prefix, sent at a time, was answered. */
export function confirmCached(entry: PrefixEntry, sentAt: number): void {
  entry.confirmedUntil = Math.max(entry.confirmedUntil, sentAt + TTL_MS[entry.writtenFor]);
  entry.cachedUntil = Math.max(entry.cachedUntil, entry.confirmedUntil);
}

/** A request with a point at this prefix was refused. */
export function forgetCached(entry: PrefixEntry): void {
  entry.cachedUntil = entry.confirmedUntil;
}

/** The service read what we expected it to read. */
export function markRead(entry: PrefixEntry): void {
  entry.missedReads = 0;
}

/**
 * The service did not read what it had confirmed to cache. Several times in a row, the prefix is switched off;
 * when it comes back, one more missed read is enough to switch it off again.
 */
export function markMissedRead(entry: PrefixEntry, now: number): void {
  entry.cachedUntil = 0;
  entry.confirmedUntil = 0;
  entry.missedReads += 1;
  if (entry.missedReads < MAX_MISSED_READS) return;
  entry.missedReads = MAX_MISSED_READS - 1;
  entry.offUntil = now + SWITCHED_OFF_MS;
}
