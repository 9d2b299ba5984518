import type { RequestView } from '@costkit/core';
import type { ForecastPlace } from './choose-points.js';
import { SHORTEST_GAP_MS } from './constants.js';
import type { Place, Places } from './find-places.js';
import { hashPrefixes, type LastPrompt, type TextHash } from './hash-prefixes.js';
import type { PrefixSketch } from './prefix-sketch.js';
import type { PrefixEntry, PrefixTable } from './prefix-table.js';
import type { PrefixKind, PrefixLevel, Reuse } from './reuse-classes.js';

/** What a forecast is made from. */
export interface ForecastSources {
  readonly table: PrefixTable;
  readonly sketch: PrefixSketch;
  readonly hashText: TextHash;
  readonly lastPrompt: LastPrompt;
  readonly region: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Tools, system and growing conversations are taken to come again, whatever was observed. */
  readonly expectReuse: boolean;
}

const CERTAIN: Reuse = { within5m: 1, within1h: 1 };
const NEVER: Reuse = { within5m: 0, within1h: 0 };

/** Books the arrival of a request's prefixes and says what to expect of cache points at their ends. */
export function forecastReuse(
  view: RequestView,
  places: Places,
  sources: ForecastSources,
): readonly ForecastPlace[] {
  const { table, sketch, now, expectReuse, hashText, lastPrompt, region } = sources;
  const keys = hashPrefixes(view, region, lastBlockOf(places), hashText, lastPrompt);
  const keyOf = ({ afterBlock }: Place): number => keys[afterBlock] as number;
  const forecast = (place: Place, entry: PrefixEntry, reuse: Reuse): ForecastPlace => ({
    place,
    reuse,
    cached: entry.cachedUntil > now,
    entry,
  });
  const learned = (entry: PrefixEntry): Reuse => table.reuse(entry, now);

  const result = places.stable.map((place) => {
    const entry = table.sight(keyOf(place), kindOf('stable', place), now);
    return forecast(place, entry, expectReuse ? CERTAIN : learned(entry));
  });
  const add = (place: Place, entry: PrefixEntry): void => {
    if (result.every((other) => other.place.afterBlock !== place.afterBlock))
      result.push(forecast(place, entry, learned(entry)));
  };
  const newest = places.turns.at(-1);
  const earlier = earlierTurn(places, table, keyOf);
  if (newest !== undefined && earlier !== undefined) {
    const entry = table.extend(earlier.entry, keyOf(newest), turnOf('growing', places), now);
    // What is read now is expected to come again exactly when the longer conversation does.
    result.push(forecast(earlier.place, earlier.entry, NEVER));
    result.push(forecast(newest, entry, expectReuse ? CERTAIN : learned(entry)));
  } else if (newest !== undefined) {
    const entry = table.sight(keyOf(newest), turnOf('opening', places), now);
    const conversation = expectReuse && places.turns.length > 1;
    result.push(forecast(newest, entry, conversation ? CERTAIN : learned(entry)));
  }
  for (const place of earlier === undefined ? places.shared : []) {
    if (place.afterBlock === newest?.afterBlock) continue;
    add(place, table.sight(keyOf(place), kindOf('shared', place), now));
    sketch.mark(keyOf(place));
  }
  for (const { place, key, seenAt } of findBranches(keys, places, sources)) {
    // What parts here was there before: it has come again.
    table.sight(key, kindOf('shared', place), seenAt);
    add(place, table.sight(key, kindOf('shared', place), now));
  }
  return result.length < 2
    ? result
    : result.sort((one, other) => one.place.afterBlock - other.place.afterBlock);
}

/** Places where this prompt parts from earlier ones: the deepest that was seen, and those found before. */
function findBranches(
  keys: Float64Array,
  places: Places,
  { sketch, now }: ForecastSources,
): { readonly place: Place; readonly key: number; readonly seenAt: number }[] {
  const found = new Map<number, number>();
  let deepest = -1;
  let seenAt = 0;
  sketch.seeAll(keys, now, SHORTEST_GAP_MS, (index, before) => {
    deepest = index;
    seenAt = before;
    if (sketch.isMarked(keys[index] as number)) found.set(index, before);
  });
  // A prompt that was seen whole parts from nothing.
  if (deepest >= 0 && deepest < keys.length - 1) found.set(deepest, seenAt);
  return [...found].flatMap(([index, at]) => {
    const place = places.branchAt(index);
    if (place === undefined) return [];
    const key = keys[place.afterBlock] as number;
    sketch.mark(key);
    return [{ place, key, seenAt: at }];
  });
}

const kindOf = (level: PrefixLevel, { tokens }: Place): PrefixKind => ({ level, turn: 0, newTokens: tokens });

const turnOf = (level: PrefixLevel, { turn, lastTurnTokens }: Places): PrefixKind => ({
  level,
  turn,
  newTokens: lastTurnTokens,
});

/** The newest earlier turn with which a request of this conversation ended. */
function earlierTurn(
  places: Places,
  table: PrefixTable,
  keyOf: (place: Place) => number,
): { readonly place: Place; readonly entry: PrefixEntry } | undefined {
  for (let index = places.turns.length - 2; index >= 0; index--) {
    const place = places.turns[index] as Place;
    const entry = table.find(keyOf(place));
    if (entry?.kind.level === 'opening' || entry?.kind.level === 'growing') return { place, entry };
  }
  return undefined;
}

/** The last block at which a place is. */
function lastBlockOf({ stable, shared, turns }: Places): number {
  return Math.max(...[stable, shared, turns].map((list) => list.at(-1)?.afterBlock ?? -1));
}
