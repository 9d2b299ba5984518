import { isArray, isBoolean, isNonNegativeNumber, isText, type OptionChecks } from '@costkit/core';
import { type PriceOverride, type PriceQuery, type ResolvedModel, resolveModel } from '@costkit/pricing';
import { tierRates } from './tier-rates.js';

/** What decides what a conversation costs from here on. */
export interface WindowPrice {
  /** The model that is called; its prices decide. */
  readonly model: string;
  /** Tokens of tools and system prompt, which stay cached either way. @defaultValue 0 */
  readonly stableTokens?: number;
  /**
   * Whether the conversation is in the prompt cache, and stays so.
   * @defaultValue whether the model has a prompt cache
   */
  readonly cached?: boolean;
  /** Source Region, for prices. */
  readonly region?: string;
  /** Negotiated prices. */
  readonly priceOverrides?: readonly PriceOverride[];
}

/** The same for a call, which may ask for a service tier. */
export interface CallPrice extends WindowPrice {
  readonly tier?: string | undefined;
}

/** The checks of {@link WindowPrice}. */
export const WINDOW_PRICE_CHECKS: OptionChecks<WindowPrice> = {
  model: isText,
  stableTokens: isNonNegativeNumber,
  cached: isBoolean,
  region: isText,
  priceOverrides: isArray,
};

/** Messages before and after some were left out, in tokens. */
export interface WindowTokens {
  /** All of them. */
  readonly whole: number;
  /** Those before the first gap, whose prefix stays what it was. */
  readonly same: number;
  /** Those behind it, which are another prefix now. */
  readonly moved: number;
}

/** Pico-dollars of the input of requests to come, whole and with messages left out. */
interface WindowPicoUsd {
  readonly whole: number;
  readonly window: number;
}

/** Prices a window over a number of requests; `undefined` where a price is unknown. */
export type WindowPricing = (tokens: WindowTokens, requests: number) => WindowPicoUsd | undefined;

/**
 * Prices parts of what a model reads from its cache.
 *
 * @param resolved - the model, where a call knows it better than its id says.
 */
export function windowPricing(
  price: CallPrice,
  resolved: ResolvedModel | undefined = resolveModel(price.model),
): WindowPricing {
  return resolved === undefined ? () => undefined : pricingOf(price, resolved, 0);
}

/**
 * Prices whole requests: one with fewer tokens than the model caches has no cache at all, and a prefix with fewer is
 * written once more with what follows it.
 *
 * @param resolved - the model, where a call knows it better than its id says.
 */
export function requestPricing(
  price: CallPrice,
  resolved: ResolvedModel | undefined = resolveModel(price.model),
): WindowPricing {
  if (resolved === undefined) return () => undefined;
  return pricingOf(price, resolved, resolved.model.capabilities.cache?.minTokens ?? 0);
}

function pricingOf(
  { stableTokens = 0, cached, region, priceOverrides, tier }: CallPrice,
  resolved: ResolvedModel,
  minTokens: number,
): WindowPricing {
  const query: { -readonly [Member in keyof PriceQuery]: PriceQuery[Member] } = { model: resolved };
  if (region !== undefined) query.region = region;
  if (priceOverrides !== undefined) query.overrides = priceOverrides;
  const isCached = cached ?? resolved.model.capabilities.cache !== undefined;
  return ({ whole, same, moved }, requests) => {
    const all = stableTokens + whole;
    const rates = tierRates(query, tier, all);
    const input = rates?.input;
    if (input === undefined) return undefined;
    const read = isCached ? (rates?.cacheRead ?? input) : input;
    const write = isCached ? (rates?.cacheWrite5m ?? input) : input;
    const left = stableTokens + same + moved;
    const kept = stableTokens + same < minTokens ? 0 : stableTokens + same;
    return {
      whole: requests * all * (all < minTokens ? input : read),
      window:
        left < minTokens
          ? requests * left * input
          : // Once written, what has moved is read like the rest.
            kept * read + (left - kept) * write + (requests - 1) * left * read,
    };
  };
}
