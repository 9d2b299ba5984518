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
  const keys = keysOf(view, places, sources);
  const keyOf = (place: Place): number => keys.get(place.afterBlock) as number;
  const forecast = (place: Place, entry: PrefixEntry, certain: boolean): ForecastPlace => ({
    ...place,
    reuse: certain ? CERTAIN : table.reuse(entry, now),
    cached: entry.cachedUntil > now,
    entry,
  });

  const result = places.stable.map((place) =>
    forecast(place, table.sight(keyOf(place), 'stable', now), expectReuse),
  );
  const newest = places.turns.at(-1);
  const earlier = earlierTurn(places, table, keyOf);
  if (newest !== undefined && earlier !== undefined) {
    // What is read now is expected to come again exactly when the longer conversation does.
    result.push({ ...forecast(earlier.place, earlier.entry, false), reuse: NEVER });
    result.push(forecast(newest, table.extend(earlier.entry, keyOf(newest), now), expectReuse));
    return result;
  }
  for (const place of places.shared) {
    // Media are not in the key, so requests that differ in them alone would look the same.
    if (place.behindMedia || place.afterBlock === newest?.afterBlock) continue;
    result.push(forecast(place, table.sight(keyOf(place), 'shared', now), false));
  }
  if (newest !== undefined) {
    const opening = forecast(
      newest,
      table.sight(keyOf(newest), 'opening', now),
      expectReuse && places.turns.length > 1,
    );
    result.push(newest.behindMedia && opening.reuse !== CERTAIN ? { ...opening, reuse: NEVER } : opening);
  }
  return result.sort((one, other) => one.afterBlock - other.afterBlock);
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

function keysOf(
  view: RequestView,
  places: Places,
  { region, hashText }: ForecastSources,
): ReadonlyMap<number, number> {
  const all = [...places.stable, ...places.shared, ...places.turns].map((place) => place.afterBlock);
  const ends = [...new Set(all)].sort((one, other) => one - other);
  const keys = hashPrefixes(view, region, ends, hashText);
  return new Map(ends.map((end, index) => [end, keys[index] as number]));
}
