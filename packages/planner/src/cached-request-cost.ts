import type { Money, ResolvedModel } from '@costkit/pricing';
import { type PriceContext, requestCost } from './request-cost.js';
import { cheapest, scaleMoney } from './scale-money.js';
import type { WorkloadMode } from './workload.js';

/** Hours of a month: 365 days × 24 hours ÷ 12. */
export const HOURS_PER_MONTH = 730;

/** Hours that a cached prefix lives after its last use. */
const TTL_HOURS: Readonly<Record<'5m' | '1h', number>> = { '5m': 1 / 12, '1h': 1 };

const TTLS = ['5m', '1h'] as const;

/** A request with a prefix that may be cached. */
export interface CachedRequest {
  readonly model: ResolvedModel;
  readonly mode: WorkloadMode;
  /** All tokens of the prompt. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Tokens of the prefix. */
  readonly prefixTokens: number;
}

/** How a prefix is best cached, and what a request then costs on average. */
export interface CacheChoice {
  readonly ttl: 'none' | '5m' | '1h';
  /** Share of the requests that read. */
  readonly hitShare: number;
  readonly cost: Money | undefined;
}

/**
 * The share of requests that find their prefix cached when they arrive at random (a Poisson process): the chance
 * that the gap before a request is shorter than the TTL, which every use renews, 1 − e^(−rate × TTL).
 */
export function hitShareOf(requestsPerHour: number, ttl: '5m' | '1h'): number {
  return -Math.expm1(-requestsPerHour * TTL_HOURS[ttl]);
}

/** Tokens of a prefix that the model would cache; 0 where it takes no cache point. */
export function cacheableTokens(model: ResolvedModel, prefixTokens: number, ttl: '5m' | '1h'): number {
  const rules = model.model.capabilities.cache;
  if (rules === undefined || !rules.explicit || prefixTokens < rules.minTokens) return 0;
  if (rules.ttls.length > 0 && !rules.ttls.includes(ttl)) return 0;
  return Math.min(prefixTokens, rules.maxTokens ?? prefixTokens);
}

/** Mean cost of a request of which a share reads the prefix and all others write it. */
export function cachedRequestCost(
  request: CachedRequest,
  ttl: '5m' | '1h',
  hitShare: number,
  context: PriceContext,
): Money | undefined {
  const { model, mode, inputTokens, outputTokens: output, prefixTokens } = request;
  const cached = Math.min(prefixTokens, inputTokens);
  const input = inputTokens - cached;
  const read = requestCost(model, mode, { input, output, cacheRead: cached }, context).cost;
  const write = ttl === '5m' ? { cacheWrite5m: cached } : { cacheWrite1h: cached };
  const written = requestCost(model, mode, { input, output, ...write }, context).cost;
  // A part that never happens needs no price.
  if (hitShare === 0) return written;
  if (hitShare === 1) return read;
  if (read === undefined || written === undefined) return undefined;
  return scaleMoney(read, hitShare).plus(scaleMoney(written, 1 - hitShare));
}

/**
 * The cheapest way to cache, not caching included.
 *
 * @param hitShareFor - share of the requests that would read, by TTL
 */
export function bestCache(
  request: CachedRequest,
  hitShareFor: (ttl: '5m' | '1h') => number,
  context: PriceContext,
): CacheChoice {
  const { model, mode, inputTokens, outputTokens } = request;
  const choices: CacheChoice[] = [
    {
      ttl: 'none',
      hitShare: 0,
      cost: requestCost(model, mode, { input: inputTokens, output: outputTokens }, context).cost,
    },
  ];
  for (const ttl of TTLS) {
    const prefixTokens = cacheableTokens(model, Math.min(request.prefixTokens, inputTokens), ttl);
    if (prefixTokens === 0) continue;
    const hitShare = hitShareFor(ttl);
    const cost = cachedRequestCost({ ...request, prefixTokens }, ttl, hitShare, context);
    choices.push({ ttl, hitShare, cost });
  }
  const least = cheapest(choices.map(({ cost }) => cost));
  return choices.find(({ cost }) => cost !== undefined && cost === least) ?? choices[0]!;
}
