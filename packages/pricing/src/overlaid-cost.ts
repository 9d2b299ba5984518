import * as catalogue from './cost-of.js';
import { withPublished } from './price-overrides.js';
import type { CostBreakdown, PriceQuery, Rates, Usage } from './types.js';

/**
 * What a usage costs, exactly, in whole pico-dollars. Refuses to guess: a kind of token or unit without a known rate
 * is named in `missing`, and `complete` is `false`; no other tier, Region or multiple stands in for it.
 *
 * A long-context bracket reprices the whole call once input, cache reads and cache writes together pass its
 * threshold. Rates hold for the day of `at`. A scaled rate (`overrides`) is rounded once, to the nearest whole
 * pico-dollar per token, so costs stay additive.
 *
 * It is an estimate of the bill: private pricing (unless given in `overrides`), free tiers, credits and taxes are
 * invisible to it.
 *
 * @throws UnknownModelError when `query.model` is text that names no known model.
 * @throws InvalidOptionError when the query, an override or the usage has an unknown or malformed field.
 * @throws RangeError when a count is negative, fractional or not finite.
 *
 * @example
 * ```ts
 * const cost = costOf(
 *   { input: 1_200, output: 300, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite30m: 0 },
 *   { model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' },
 * );
 * String(cost.total); // "$0.002970"
 * cost.complete;      // true
 * ```
 */
export function costOf(usage: Usage, query: PriceQuery): CostBreakdown {
  return catalogue.costOf(usage, withPublished(query));
}

/**
 * The rates a call would pay, for planning: what a router or a cache planner compares before the call is made.
 *
 * @param promptTokens - Input, cache reads and cache writes together: what long-context brackets count.
 * @returns `undefined` when no rate is known; a kind that is absent is unknown.
 * @throws UnknownModelError when `query.model` is text that names no known model.
 */
export function ratesFor(query: PriceQuery, promptTokens = 0): Rates | undefined {
  return catalogue.ratesFor(withPublished(query), promptTokens);
}
