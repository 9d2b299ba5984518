import type { CachePrices } from './cache-prices.js';
import type { PointChoice } from './choose-points.js';
import type { Places } from './find-places.js';
import type { ModelCacheRules } from './model-cache-rules.js';
import type { PlannedPoint } from './types.js';

const about = (tokens: number): string => `about ${Math.round(tokens)}`;

const PURPOSES: Readonly<Record<PlannedPoint['purpose'], string>> = {
  caller: "the caller's own",
  tools: 'tools',
  system: 'system',
  shared: 'before the question',
  previousTurn: 'previous turn',
  lastTurn: 'last turn',
};

/** One sentence on points that were placed, for the receipt: no text of the prompt. */
export function whyPlaced(choice: PointChoice, places: Places): string {
  const last = choice.points.at(-1);
  if (last === undefined) return 'Another model is called than the one the cache points were made for.';
  const where = choice.points.map(({ place, ttl }) => `${PURPOSES[place.purpose]} ${ttl}`).join(', ');
  const read =
    choice.readTokens > 0
      ? `${about(choice.readTokens)} of them are cached already`
      : 'none of them is cached yet';
  return `Cache points at ${where} hold ${about(last.place.tokens)} of ${about(places.promptTokens)} prompt tokens; ${read}.`;
}

/** One sentence on why nothing was placed. */
export function whyNone(
  places: Places,
  {
    rules: { minTokens, maxPoints },
    ownPoints,
    forecastPlaces,
    prices,
  }: {
    readonly rules: ModelCacheRules;
    readonly ownPoints: number;
    readonly forecastPlaces: number;
    readonly prices: CachePrices | undefined;
  },
): string {
  if (ownPoints >= maxPoints)
    return `The request's own ${ownPoints} cache points use all that the model takes.`;
  if (places.reachableTokens < minTokens) {
    return `Of the prompt ${about(places.reachableTokens)} tokens can be cached; the model caches from ${minTokens} on.`;
  }
  if (places.reachableLikely < minTokens) {
    return `The prompt's ${about(places.reachableTokens)} tokens may fall below the model's minimum of ${minTokens}, below which a point does nothing.`;
  }
  if (ownPoints > 0 && forecastPlaces === 0)
    return "The request's own cache points hold all that is worth caching.";
  if (prices === undefined) return 'The price of caching on this model is unknown.';
  return 'No prefix of this request comes again soon and often enough for a write to pay.';
}
