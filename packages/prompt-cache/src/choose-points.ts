import type { CachePrices } from './cache-prices.js';
import type { Place } from './find-places.js';
import type { PrefixEntry } from './prefix-table.js';
import type { Reuse } from './reuse-classes.js';

/** A place, and what is expected of a point there. */
export interface ForecastPlace {
  readonly place: Place;
  readonly reuse: Reuse;
  /** Whether the service has this prefix in its cache now, as far as we know. */
  readonly cached: boolean;
  /** What was observed of it; `undefined` where nothing is observed. */
  readonly entry: PrefixEntry | undefined;
}

/** What the choice depends on besides the places. */
export interface ChoiceConditions {
  /** Tokens up to the caller's last own point, which are cached without us. */
  readonly tokensBefore: number;
  readonly prices: CachePrices;
  /** Cache points that may still be set. */
  readonly freePoints: number;
  /** Lifetimes that may be used, by the model, the user's choice and the caller's own points. */
  readonly ttls: { readonly '5m': boolean; readonly '1h': boolean };
}

/** A point that is to be set. */
interface ChosenPoint {
  readonly place: Place;
  readonly ttl: '5m' | '1h';
  readonly entry: PrefixEntry | undefined;
}

/** Points that pay for themselves. */
export interface PointChoice {
  /** In prompt order; empty when no point pays. */
  readonly points: readonly ChosenPoint[];
  /** Pico-dollars that this very call saves: reads, less what its writes cost over plain input. */
  readonly savedNow: number;
  /** Tokens that this call reads. */
  readonly readTokens: number;
}

const NOTHING: PointChoice = { points: [], savedNow: 0, readTokens: 0 };

/**
 * Chooses how far to cache and for how long.
 *
 * A point at the end of a prompt makes the service write everything before it that is not cached yet; a point in
 * between costs nothing more. So the choice is one depth, and how many of the leading segments live for an hour
 * (an hour must not come after five minutes): the pair that costs least at the expected reuse. A segment that
 * is written whenever it has expired costs, per token and call, `p · read + (1 − p) · write`, where `p` is the
 * chance that it comes again within its lifetime.
 *
 * @param places - in prompt order, all behind the caller's own points
 */
export function choosePoints(places: readonly ForecastPlace[], conditions: ChoiceConditions): PointChoice {
  const { prices, freePoints, ttls, tokensBefore } = conditions;
  if (freePoints <= 0 || places.length === 0) return NOTHING;
  const deepestCached = places.findLastIndex((place) => place.cached);
  const longPrice = ttls['1h'] ? prices.write['1h'] : undefined;
  // Where a write costs no more than input, as on Nova, there is nothing to lose, whatever comes later.
  if (prices.write['5m'] <= prices.input && ttls['5m'])
    return describe(places, { depth: places.length - 1, longSegments: 0 }, deepestCached, conditions);
  let best = { depth: -1, longSegments: 0, saved: 0 };

  for (let depth = 0; depth < places.length; depth++) {
    const shortest = ttls['5m'] ? 0 : depth + 1;
    const longest = longPrice === undefined ? 0 : depth + 1;
    for (let longSegments = shortest; longSegments <= longest; longSegments++) {
      let saved = 0;
      let within5m = 0;
      let within1h = 0;
      for (let index = depth; index >= 0; index--) {
        const { reuse } = places[index] as ForecastPlace;
        // A prefix comes again whenever a longer one does.
        within5m = Math.max(within5m, reuse.within5m);
        within1h = Math.max(within1h, reuse.within1h);
        const long = index < longSegments;
        const chance = long ? within1h : within5m;
        const write = long ? (longPrice as number) : prices.write['5m'];
        const average = chance * prices.read + (1 - chance) * write;
        const segment = tokensOf(places, index, tokensBefore);
        saved += segment * (prices.input - average);
        // What is cached already is read at once, whatever comes later.
        if (index <= deepestCached) saved += segment * Math.max(0, prices.input - prices.read);
      }
      if (saved > best.saved) best = { depth, longSegments, saved };
    }
  }
  if (best.depth < 0) return NOTHING;
  return describe(places, best, deepestCached, conditions);
}

function tokensOf(places: readonly ForecastPlace[], index: number, tokensBefore: number): number {
  const before = index === 0 ? tokensBefore : (places[index - 1] as ForecastPlace).place.tokens;
  return (places[index] as ForecastPlace).place.tokens - before;
}

function describe(
  places: readonly ForecastPlace[],
  { depth, longSegments }: { readonly depth: number; readonly longSegments: number },
  deepestCached: number,
  { prices, freePoints, tokensBefore }: ChoiceConditions,
): PointChoice {
  const lastRead = Math.min(depth, deepestCached);
  // First what is written to, then where the lifetime changes, then where the earlier request wrote; then, from
  // the back, where other requests branch off.
  const wanted = new Set([depth]);
  for (const index of [longSegments - 1, lastRead]) if (index >= 0 && index <= depth) wanted.add(index);
  for (let index = depth - 1; index >= 0; index--) wanted.add(index);
  const chosen = [...wanted].slice(0, freePoints).sort((one, other) => one - other);

  let savedNow = 0;
  let readTokens = 0;
  for (let index = 0; index <= depth; index++) {
    const segment = tokensOf(places, index, tokensBefore);
    if (index <= lastRead) readTokens += segment;
    const write = index < longSegments ? (prices.write['1h'] as number) : prices.write['5m'];
    savedNow += segment * (prices.input - (index <= lastRead ? prices.read : write));
  }
  return {
    points: chosen.map((index): ChosenPoint => {
      const { place, entry } = places[index] as ForecastPlace;
      return { place, ttl: index < longSegments ? '1h' : '5m', entry };
    }),
    savedNow,
    readTokens,
  };
}
