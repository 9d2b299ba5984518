import {
  costOf,
  type Money,
  type PriceOverride,
  type PriceQuery,
  type ResolvedModel,
  type Tier,
  type Usage,
} from '@costkit/pricing';

/** How a call was served, as far as its price depends on it. */
export interface Service {
  readonly resolved: ResolvedModel | undefined;
  readonly region: string | undefined;
  readonly tier: string | undefined;
  readonly latencyMode: string | undefined;
  /** Served by a batch job. */
  readonly batch: boolean;
  readonly at: Date;
  readonly priceOverrides: readonly PriceOverride[];
}

type OnlineTier = Exclude<Tier, 'batch'>;

const TIERS: Readonly<Record<OnlineTier, true>> = {
  standard: true,
  flex: true,
  priority: true,
  reserved: true,
  latencyOptimized: true,
};

const isTier = (mode: string): mode is OnlineTier => Object.hasOwn(TIERS, mode);

/**
 * The pricing mode under which a call is booked: `batch`; how capacity is paid where tokens are not (`provisioned`,
 * `imported`, `unknown`); else the tier.
 */
export function pricingMode({ resolved, tier, latencyMode, batch }: Service): string {
  if (batch) return 'batch';
  const billing = resolved?.billing ?? 'token';
  if (billing !== 'token') return billing;
  // The service falls back to standard and charges standard when its answer does not echo the latency mode.
  if (latencyMode === 'optimized') return 'latencyOptimized';
  return tier === undefined || tier === 'default' ? 'standard' : tier;
}

/**
 * The price of what one attempt used, or `undefined` where it is not known: no such model or rate, a tier that the
 * catalogue does not know yet, or an imported model, which is paid by windows of five minutes that calls share. A call
 * on provisioned throughput has no marginal cost: its hours are billed whether or not it is used.
 */
export function priceUsage(usage: Usage, service: Service): Money | undefined {
  const { resolved, region, at, priceOverrides } = service;
  const mode = pricingMode(service);
  if (resolved === undefined || mode === 'imported') return undefined;
  const isBatch = mode === 'batch';
  // What is not paid by token has no tier.
  const tier = resolved.billing === undefined || resolved.billing === 'token' ? mode : 'standard';
  if (!isBatch && !isTier(tier)) return undefined;
  const query: { -readonly [Member in keyof PriceQuery]: PriceQuery[Member] } = { model: resolved, at };
  if (isBatch) query.batch = true;
  else query.tier = tier as OnlineTier;
  if (region !== undefined) query.region = region;
  if (priceOverrides.length > 0) query.overrides = priceOverrides;
  const { total, complete } = costOf(usage, query);
  return complete ? total : undefined;
}
