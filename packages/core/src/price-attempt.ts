import {
  costOf,
  Money,
  type PriceOverride,
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
  readonly batch?: boolean;
  readonly at: Date;
  readonly priceOverrides: readonly PriceOverride[];
}

/** The pricing mode under which a call is booked. */
export function pricingMode({ resolved, tier, latencyMode, batch = false }: Service): string {
  if (batch) return 'batch';
  if (resolved?.reference === 'provisioned-model') return 'provisioned';
  if (resolved?.reference === 'imported-model') return 'imported';
  // The service falls back to standard and charges standard when its answer does not echo the latency mode.
  if (latencyMode === 'optimized') return 'latencyOptimized';
  return tier === undefined || tier === 'default' ? 'standard' : tier;
}

/**
 * The price of what one attempt used, or `undefined` where a rate is unknown. A call on provisioned throughput
 * has no marginal cost: its hours are billed whether or not it is used.
 */
export function priceUsage(usage: Usage, service: Service): Money | undefined {
  const mode = pricingMode(service);
  if (mode === 'provisioned') return Money.zero;
  if (mode === 'imported' || service.resolved === undefined) return undefined;
  const { total, complete } = costOf(usage, {
    model: service.resolved,
    ...(mode === 'batch' ? { batch: true } : { tier: mode as Exclude<Tier, 'batch'> }),
    at: service.at,
    ...(service.region === undefined ? {} : { region: service.region }),
    ...(service.priceOverrides.length === 0 ? {} : { overrides: service.priceOverrides }),
  });
  return complete ? total : undefined;
}
