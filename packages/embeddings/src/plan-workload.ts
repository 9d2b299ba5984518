import { type Money, NO_USAGE } from '@costkit/core';
import { costOf, type PriceQuery } from '@costkit/pricing';
import type { EmbeddingModel } from './embedding-model.js';
import type { Workload } from './read-workload.js';
import type { SyncOptions } from './sync-options.js';
import type { SyncPlan } from './sync-report.js';

/** Bedrock takes no batch job of fewer records (user guide, batch inference quotas). */
const DEFAULT_BULK_FROM = 100;

/** Whether a batch job is to embed so many texts. */
function goesInBulk(
  { bulk, bulkFrom = DEFAULT_BULK_FROM }: SyncOptions,
  model: EmbeddingModel,
  texts: number,
): boolean {
  return bulk !== undefined && texts >= bulkFrom && model.resolved.model.capabilities.batch;
}

/** Prices tokens of a model; `undefined` where no rate is known. */
export type PriceTokens = (tokens: number, batch?: boolean) => Money | undefined;

/** @param at - decides which rates hold. */
export async function tokenPrices(
  options: SyncOptions,
  model: EmbeddingModel,
  at: Date,
): Promise<PriceTokens> {
  const region = await regionOf(options.client);
  const query: PriceQuery = {
    model: model.resolved,
    at,
    ...(region === undefined ? {} : { region }),
    ...(options.priceOverrides === undefined ? {} : { overrides: options.priceOverrides }),
  };
  return (tokens, batch = false) => {
    const { total, complete } = costOf({ ...NO_USAGE, input: tokens }, { ...query, batch });
    return complete ? total : undefined;
  };
}

/** A client without one cannot call, which it will say itself; a plan can be made all the same. */
async function regionOf(client: SyncOptions['client']): Promise<string | undefined> {
  const { config } = client as { config?: { region?: unknown } };
  try {
    const region: unknown = typeof config?.region === 'function' ? await config.region() : config?.region;
    return typeof region === 'string' ? region : undefined;
  } catch {
    return undefined;
  }
}

/** What a workload will cost. */
export function planWorkload(
  workload: Workload,
  options: SyncOptions,
  model: EmbeddingModel,
  price: PriceTokens,
): SyncPlan {
  const { documents, chunks, unchanged, changed, pending, reused, stale, otherSpaces, allTokens } = workload;
  const bulk = goesInBulk(options, model, pending.texts);
  return {
    space: model.space,
    documents,
    chunks,
    unchanged,
    reused,
    duplicates: changed - reused - pending.texts,
    deleted: stale.size,
    embed: {
      texts: pending.texts,
      tokens: pending.tokens,
      cost: price(pending.tokens, bulk),
      highest: price(pending.highTokens),
      bulk,
    },
    full: { tokens: allTokens, cost: price(allTokens) },
    ...(otherSpaces.size === 0
      ? {}
      : {
          migration: {
            from: [...otherSpaces.keys()],
            records: [...otherSpaces.values()].reduce((sum, count) => sum + count, 0),
          },
        }),
  };
}
