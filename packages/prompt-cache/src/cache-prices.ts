import {
  type PriceOverride,
  type PriceQuery,
  type ResolvedModel,
  ratesFor,
  type Tier,
} from '@costkit/pricing';

/** Pico-dollars per token of the ways in which a prompt token can be billed. */
export interface CachePrices {
  readonly input: number;
  readonly read: number;
  /** A lifetime without a price cannot be chosen. */
  readonly write: { readonly '5m': number; readonly '1h': number | undefined };
}

/** What decides a price besides the model. */
export interface CachePriceQuery {
  readonly region: string | undefined;
  /** The service tier that the request asks for. */
  readonly tier: string | undefined;
  readonly promptTokens: number;
  readonly overrides: readonly PriceOverride[];
}

type PlannedTier = Exclude<Tier, 'batch'>;

/** @returns `undefined` when a rate that the decision needs is unknown: an unknown price is not zero. */
export function cachePrices(resolved: ResolvedModel, query: CachePriceQuery): CachePrices | undefined {
  const { region, tier, promptTokens, overrides } = query;
  const priceQuery: { -readonly [Field in keyof PriceQuery]: PriceQuery[Field] } = {
    model: resolved,
    tier: tier === undefined || tier === 'default' ? 'standard' : (tier as PlannedTier),
  };
  if (region !== undefined) priceQuery.region = region;
  if (overrides.length > 0) priceQuery.overrides = overrides;
  const rates = ratesFor(priceQuery, promptTokens);
  if (rates?.input === undefined || rates.cacheRead === undefined || rates.cacheWrite5m === undefined)
    return undefined;
  return {
    input: rates.input,
    read: rates.cacheRead,
    write: { '5m': rates.cacheWrite5m, '1h': rates.cacheWrite1h },
  };
}
