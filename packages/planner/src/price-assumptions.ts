import { PRICES_AS_OF } from '@costkit/pricing';
import { modelOf } from './checks.js';
import type { Assumption } from './plan.js';

/** Prices whose certainty is less than a document of AWS, one assumption for each model. */
export function priceAssumptions(models: readonly string[]): Assumption[] {
  const assumptions: Assumption[] = [];
  for (const id of new Set(models)) {
    const { model, scope } = modelOf(id);
    const row = model.prices.find((price) => price.scope === scope && price.tier === 'standard');
    if (row === undefined || row.certainty === 'documented') continue;
    assumptions.push({
      what: `prices of ${id}`,
      value: `as of ${PRICES_AS_OF}`,
      source: row.source,
      certainty: row.certainty,
    });
  }
  return assumptions;
}
