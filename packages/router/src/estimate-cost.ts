import { type Call, type EstimatedTokens, estimatedTokens, type RequestView } from '@costkit/core';
import {
  costOf,
  type Money,
  type PriceQuery,
  type ResolvedModel,
  type Tier,
  type Usage,
} from '@costkit/pricing';

import { type MediaTokens, mediaTokens } from './media-tokens.js';
import { isLatencyOptimized } from './request-needs.js';

/** What a request is expected to use on one model. */
export interface ExpectedUsage {
  readonly view: RequestView;
  readonly outputTokens: number;
  /** Input tokens that the model has probably cached. */
  readonly warmTokens: number;
  /** So many the prompt has at the least, as earlier turns of the conversation told. @defaultValue 0 */
  readonly leastTokens?: number;
  /** @defaultValue what the model counts for them */
  readonly media?: MediaTokens;
}

/** Tokens up to the last cache point, 0 where they are too few to be cached. */
function markedTokens(view: RequestView, { perBlock }: EstimatedTokens, minTokens: number): number {
  const last = view.cachePoints.at(-1);
  if (last === undefined) return 0;
  let tokens = 0;
  for (let index = 0; index <= last.afterBlock; index += 1) tokens += perBlock[index] ?? 0;
  return tokens < minTokens ? 0 : Math.floor(tokens);
}

function usageOf(expected: ExpectedUsage, model: ResolvedModel, call: Call): Usage {
  const { view, outputTokens, warmTokens, leastTokens = 0 } = expected;
  const estimate = estimatedTokens(view, call, model.model.id);
  const media = expected.media ?? mediaTokens(view, call, model.model.id);
  const counted = Math.ceil(estimate.total + media.tokens);
  // What nobody can count was counted by the service, where a turn before this one has cached it.
  const total = media.unknown.length === 0 ? counted : Math.max(counted, Math.floor(leastTokens));
  const cache = model.model.capabilities.cache;
  const cacheRead = cache === undefined ? 0 : Math.min(Math.floor(warmTokens), total);
  const written =
    cache === undefined
      ? 0
      : Math.max(0, Math.min(markedTokens(view, estimate, cache.minTokens), total) - cacheRead);
  const long = view.cachePoints.at(-1)?.ttl === '1h';
  return {
    input: total - cacheRead - written,
    output: outputTokens,
    cacheRead,
    cacheWrite5m: long ? 0 : written,
    cacheWrite1h: long ? written : 0,
    cacheWrite30m: 0,
  };
}

const TIERS: ReadonlySet<string> = new Set(['flex', 'priority', 'reserved', 'latencyOptimized']);

/** The whole request in dollars on one model, or `undefined` when a rate is unknown. */
export function estimateCost(expected: ExpectedUsage, model: ResolvedModel, call: Call): Money | undefined {
  const tier = isLatencyOptimized(expected.view) ? 'latencyOptimized' : expected.view.tier;
  const query: { -readonly [Field in keyof PriceQuery]: PriceQuery[Field] } = {
    model,
    at: call.startedAt,
  };
  if (call.priceOverrides.length > 0) query.overrides = call.priceOverrides;
  if (call.region !== undefined) query.region = call.region;
  if (tier !== undefined && TIERS.has(tier)) query.tier = tier as Exclude<Tier, 'batch'>;
  const cost = costOf(usageOf(expected, model, call), query);
  return cost.complete ? cost.total : undefined;
}
