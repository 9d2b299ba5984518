import { NO_USAGE } from '@costkit/core';
import { type CostBreakdown, costOf, type Money, type ResolvedModel, type Usage } from '@costkit/pricing';
import type { WorkloadMode } from './workload.js';

/** What a request is priced by besides its tokens. */
export interface PriceContext {
  readonly region?: string;
  readonly at?: Date;
}

/** What one request costs, or which price is not known. */
export interface RequestCost {
  readonly cost: Money | undefined;
  readonly missing: readonly string[];
  readonly breakdown: CostBreakdown;
}

/** The cost of one request. A rate that the catalogue does not have makes it unknown. */
export function requestCost(
  model: ResolvedModel,
  mode: WorkloadMode,
  tokens: Partial<Usage>,
  { region, at }: PriceContext,
): RequestCost {
  const breakdown = costOf(
    { ...NO_USAGE, ...tokens },
    {
      model,
      ...(region === undefined ? {} : { region }),
      ...(at === undefined ? {} : { at }),
      ...(mode === 'batch' ? { batch: true } : { tier: mode }),
    },
  );
  return {
    cost: breakdown.complete ? breakdown.total : undefined,
    missing: breakdown.missing.map(
      (kind) =>
        `the ${mode} price of ${kind} of ${model.input}${region === undefined ? '' : ` in ${region}`}`,
    ),
    breakdown,
  };
}
