import type { CatalogueModel } from '@costkit/pricing/catalogue';
import type { CallMode } from '../contract.js';
import { BedrockFault, validation } from '../wire/bedrock-fault.js';

const TIER_BY_NAME: Readonly<Record<string, CallMode['tier']>> = {
  default: 'standard',
  flex: 'flex',
  priority: 'priority',
  reserved: 'reserved',
};

/**
 * Reads how a request asks to be processed.
 *
 * @param reserved - Ids of the models for which the account holds reserved capacity.
 * @throws {@link BedrockFault} when the tier is unknown, not the model's, or not reserved.
 */
export function readCallMode(
  requested: { readonly tier?: unknown; readonly latency?: unknown },
  model: CatalogueModel,
  reserved: ReadonlySet<string>,
): CallMode {
  const tier = requested.tier === undefined ? 'standard' : TIER_BY_NAME[String(requested.tier)];
  if (tier === undefined) throw validation('service tier provided is invalid');
  if (tier === 'reserved' && !reserved.has(model.id)) throw validation('Reservation not found.');
  if ((tier === 'flex' || tier === 'priority') && !model.capabilities.tiers.includes(tier)) {
    throw validation('The provided service tier is not supported for this model');
  }
  const latencyOptimized = requested.latency === 'optimized';
  if (latencyOptimized && !model.capabilities.tiers.includes('latencyOptimized')) {
    // The service's own words for this are not established (assumed).
    throw new BedrockFault(
      'ValidationException',
      'Latency performance configuration is not supported for this model. ' +
        'Set the latency to standard, or choose a model that supports optimized latency.',
    );
  }
  return { batch: false, tier, latencyOptimized };
}
