import type { RequestView } from '@costkit/core';
import type { ForecastPlace } from './choose-points.js';
import type { Place, Places } from './find-places.js';
import { hashPrefixes, type TextHash } from './hash-prefixes.js';
import type { PrefixEntry, PrefixTable, Reuse } from './prefix-table.js';

/** What a forecast is made from. */
export interface ForecastSources {
  readonly table: PrefixTable;
  readonly hashText: TextHash;
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
  const { table, now, expectReuse } = sources;
  const keyOf = keysOf(view, places, sources);
  const forecast = (place: Place, entry: PrefixEntry, reuse: Reuse): ForecastPlace => ({
    place,
    reuse,
    cached: entry.cachedUntil > now,
    entry,
  });
  const learned = (entry: PrefixEntry): Reuse => table.reuse(entry, now);

  const result = places.stable.map((place) => {
    const entry = table.sight(keyOf(place), 'stable', now);
    return forecast(place, entry, expectReuse ? CERTAIN : learned(entry));
  });
  const newest = places.turns.at(-1);
  const earlier = earlierTurn(places, table, keyOf);
  if (newest !== undefined && earlier !== undefined) {
    const entry = table.extend(earlier.entry, keyOf(newest), now);
    // What is read now is expected to come again exactly when the longer conversation does.
    result.push(forecast(earlier.place, earlier.entry, NEVER));
    result.push(forecast(newest, entry, expectReuse ? CERTAIN : learned(entry)));
    return result;
  }
  for (const place of places.shared) {
    // Media are not in the key, so requests that differ in them alone would look the same.
    if (place.behindMedia || place.afterBlock === newest?.afterBlock) continue;
    const entry = table.sight(keyOf(place), 'shared', now);
    result.push(forecast(place, entry, learned(entry)));
  }
  if (newest !== undefined) {
    const entry = table.sight(keyOf(newest), 'opening', now);
    const conversation = expectReuse && places.turns.length > 1;
    result.push(
      forecast(newest, entry, conversation ? CERTAIN : newest.behindMedia ? NEVER : learned(entry)),
    );
  }
  return result.length < 2
    ? result
    : result.sort((one, other) => one.place.afterBlock - other.place.afterBlock);
}

/** The newest earlier turn with which a request of this conversation ended. */
function earlierTurn(
  places: Places,
  table: PrefixTable,
  keyOf: (place: Place) => number,
): { readonly place: Place; readonly entry: PrefixEntry } | undefined {
  for (let index = places.turns.length - 2; index >= 0; index--) {
    const place = places.turns[index] as Place;
    const entry = table.find(keyOf(place));
    if (entry?.level === 'opening' || entry?.level === 'growing') return { place, entry };
  }
  return undefined;
}

/** Keeps the ends in ascending order, each once. They are few: to sort them costs more than to put each in its place. */
function insertEnds(ends: number[], places: readonly Place[]): void {
  for (const { afterBlock } of places) {
    let index = ends.length;
    while (index > 0 && (ends[index - 1] as number) > afterBlock) index -= 1;
    if (ends[index - 1] !== afterBlock) ends.splice(index, 0, afterBlock);
  }
}

/** Hashes the prefixes at all places once; the places of a request are few enough to be searched. */
function keysOf(
  view: RequestView,
  places: Places,
  { region, hashText }: ForecastSources,
): (place: Place) => number {
  const ends: number[] = [];
  insertEnds(ends, places.stable);
  insertEnds(ends, places.shared);
  insertEnds(ends, places.turns);
  const keys = hashPrefixes(view, region, ends, hashText);
  return ({ afterBlock }) => keys[ends.indexOf(afterBlock)] as number;
}
