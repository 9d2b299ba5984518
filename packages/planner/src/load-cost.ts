import { Money, type ResolvedModel, ratesFor } from '@costkit/pricing';
import type { LoadBucket } from './hourly-load.js';
import type { PriceContext } from './request-cost.js';
import type { WorkloadMode } from './workload.js';

/** What tokens cost on demand. */
export interface LoadPricer {
  /** `undefined` when a rate that the bucket needs is unknown. */
  costOf(bucket: LoadBucket): Money | undefined;
  /** Pico-dollars per token; `undefined` when unknown. */
  readonly inputRate: number | undefined;
  readonly outputRate: number | undefined;
}

/**
 * Prices many requests at once at the rates of one of mean length: a sum of prompts is no long prompt.
 *
 * @param promptTokens - of one request, for long-context brackets; 0 when unknown
 */
export function loadPricer(
  model: ResolvedModel,
  mode: WorkloadMode,
  promptTokens: number,
  { region, at }: PriceContext,
): LoadPricer {
  const rates =
    ratesFor(
      {
        model,
        ...(region === undefined ? {} : { region }),
        ...(at === undefined ? {} : { at }),
        ...(mode === 'batch' ? { batch: true } : { tier: mode }),
      },
      promptTokens,
    ) ?? {};
  const rows = [
    ['input', rates.input],
    ['output', rates.output],
    ['cacheRead', rates.cacheRead],
    ['cacheWrite', rates.cacheWrite5m],
  ] as const;
  return {
    inputRate: rates.input,
    outputRate: rates.output,
    costOf(bucket) {
      let total = Money.zero;
      for (const [kind, rate] of rows) {
        const count = Math.round(bucket[kind]);
        if (count === 0) continue;
        if (rate === undefined) return undefined;
        total = total.plus(Money.ofCount(count, rate));
      }
      return total;
    },
  };
}
