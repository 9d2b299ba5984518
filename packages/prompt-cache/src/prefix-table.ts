import { MAX_MISSED_READS, SHORTEST_GAP_MS, SWITCHED_OFF_MS, TTL_MS } from './constants.js';

/** What a prefix is, as far as that says how likely it comes again. */
type PrefixLevel =
  /** Ends in tools or system. */
  | 'stable'
  /** Ends before the last question. */
  | 'shared'
  /** Ends with a user turn, and nobody has seen an earlier turn of it. */
  | 'opening'
  /** Ends with a user turn that continues a conversation seen before. */
  | 'growing';

/** The chance that a prefix comes again before a point of each lifetime expires. */
export interface Reuse {
  readonly within5m: number;
  readonly within1h: number;
}

/** One prefix that was seen. */
export interface PrefixEntry {
  readonly key: number;
  readonly level: PrefixLevel;
  lastSeenAt: number;
  /** Gaps that were observed, older ones counting less, and how many of them were short. */
  gaps: number;
  gapsWithin5m: number;
  gapsWithin1h: number;
  /** Whether its level knows already if it came again. */
  cameAgain: boolean;
  /** Until when it is in the service's cache if every request that was to write it did. */
  cachedUntil: number;
  /** The lifetime it was written with; a read refreshes that one, whatever the reading request asks for. */
  writtenFor: '5m' | '1h';
  /** The same, from requests whose answer says that something was cached. */
  confirmedUntil: number;
  missedReads: number;
  offUntil: number;
}

/**
 * The chance that a prefix comes again, before anything is known. An application's tools and system prompt
 * normally repeat; a write that is wrong costs a quarter of what a read that was not written costs.
 */
const PRIOR: Readonly<Record<PrefixLevel, number>> = { stable: 0.5, shared: 0.1, opening: 0.1, growing: 0.7 };
/** How many prefixes of a level the prior counts for. */
const PRIOR_WEIGHT = 4;
/** How many gaps of a prefix of its own its level counts for. */
const LEVEL_WEIGHT = 2;
/** How much earlier gaps and prefixes count when another is observed. */
const GAP_DECAY = 0.9;
const LEVEL_DECAY = 0.97;

interface LevelCounts {
  prefixes: number;
  within5m: number;
  within1h: number;
}

/** Which prefixes a client sends, and how soon they come again. Bounded, and holds no text. */
export interface PrefixTable {
  readonly size: number;
  /** The entry of a prefix, without counting an arrival. */
  find(key: number): PrefixEntry | undefined;
  /** Counts an arrival of a prefix. */
  sight(key: number, level: PrefixLevel, now: number): PrefixEntry;
  /** Counts an arrival of a conversation's next turn, whose gaps go on where the earlier turn's stopped. */
  extend(earlier: PrefixEntry, key: number, now: number): PrefixEntry;
  /** The chance that a prefix comes again; 0 while it is switched off. */
  reuse(entry: PrefixEntry, now: number): Reuse;
}

/** @param maxPrefixes - entries held; the longest unseen is forgotten first */
export function createPrefixTable(maxPrefixes: number): PrefixTable {
  const entries = new Map<number, PrefixEntry>();
  const levels: Record<PrefixLevel, LevelCounts> = {
    stable: { prefixes: 0, within5m: 0, within1h: 0 },
    shared: { prefixes: 0, within5m: 0, within1h: 0 },
    opening: { prefixes: 0, within5m: 0, within1h: 0 },
    growing: { prefixes: 0, within5m: 0, within1h: 0 },
  };

  const insert = (key: number, level: PrefixLevel, now: number): PrefixEntry => {
    const counts = levels[level];
    counts.prefixes = counts.prefixes * LEVEL_DECAY + 1;
    counts.within5m *= LEVEL_DECAY;
    counts.within1h *= LEVEL_DECAY;
    const entry: PrefixEntry = {
      key,
      level,
      lastSeenAt: now,
      gaps: 0,
      gapsWithin5m: 0,
      gapsWithin1h: 0,
      cameAgain: false,
      cachedUntil: 0,
      writtenFor: '5m',
      confirmedUntil: 0,
      missedReads: 0,
      offUntil: 0,
    };
    entries.set(key, entry);
    if (entries.size > maxPrefixes) entries.delete(entries.keys().next().value as number);
    return entry;
  };

  /** The level learns from the first time that each prefix comes again. */
  const tellLevel = (entry: PrefixEntry, gapMs: number): void => {
    if (entry.cameAgain) return;
    entry.cameAgain = true;
    if (gapMs <= TTL_MS['5m']) levels[entry.level].within5m += 1;
    if (gapMs <= TTL_MS['1h']) levels[entry.level].within1h += 1;
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
    tellLevel(entry, gapMs);
    addGap(entry, entry, gapMs);
    touch(entry, now);
  };

  return {
    get size() {
      return entries.size;
    },
    find: (key) => entries.get(key),
    sight: (key, level, now) => {
      const entry = entries.get(key);
      if (entry === undefined) return insert(key, level, now);
      observe(entry, now);
      return entry;
    },
    extend: (earlier, key, now) => {
      const known = entries.get(key);
      if (known !== undefined) {
        observe(known, now);
        return known;
      }
      const gapMs = now - earlier.lastSeenAt;
      tellLevel(earlier, gapMs);
      const entry = insert(key, 'growing', now);
      addGap(entry, earlier, gapMs);
      touch(earlier, now);
      return entry;
    },
    reuse: (entry, now) => {
      if (entry.offUntil > now) return { within5m: 0, within1h: 0 };
      const counts = levels[entry.level];
      const prior = PRIOR[entry.level] * PRIOR_WEIGHT;
      const chance = (levelCount: number, ownCount: number): number => {
        const level = (prior + levelCount) / (PRIOR_WEIGHT + counts.prefixes);
        return Math.min(1, (LEVEL_WEIGHT * level + ownCount) / (LEVEL_WEIGHT + entry.gaps));
      };
      return {
        within5m: chance(counts.within5m, entry.gapsWithin5m),
        within1h: chance(counts.within1h, entry.gapsWithin1h),
      };
    },
  };
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
