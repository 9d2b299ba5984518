import type { Receipt } from '@costkit/core';
import {
  type CatalogueModel,
  type PriceOverride,
  type PriceRow,
  ratesFor,
  resolveModel,
  type Scope,
} from '@costkit/pricing';

const MAX_MODELS = 1_000;
const PICO_PER_TOKEN_TO_USD_PER_MILLION = 1e-6;
/** Output tokens that come with an input token, about: only to put a model's two rates into one figure. */
const OUTPUT_PER_INPUT = 0.25;

/** Says how dear the model is that served a call. */
export type ModelRate = (receipt: Pick<Receipt, 'servedModel' | 'scope'>) => number | undefined;

/** Where a price may be read: in the scope of the call as it is now, else as it was last, else in another scope. */
function placesOf(
  { prices }: CatalogueModel,
  scope: Scope,
): Pick<PriceRow, 'scope' | 'region' | 'effectiveFrom'>[] {
  const known = prices
    .filter(
      (row) => row.tier === 'standard' && row.aboveTokens === undefined && row.rates.input !== undefined,
    )
    .sort((one, other) => (other.effectiveFrom ?? '').localeCompare(one.effectiveFrom ?? ''));
  return [{ scope }, ...known.filter((row) => row.scope === scope), ...known];
}

function readRate(
  modelId: string,
  scope: string,
  overrides: readonly PriceOverride[] | undefined,
): number | undefined {
  const resolved = resolveModel(modelId);
  if (resolved === undefined) return undefined;
  for (const [index, place] of placesOf(resolved.model, scope as Scope).entries()) {
    const { region, effectiveFrom = 0 } = place;
    const rates = ratesFor({
      model: { ...resolved, scope: place.scope },
      ...(index === 0 ? {} : { at: new Date(effectiveFrom) }),
      ...(region === undefined ? {} : { region }),
      ...(overrides === undefined ? {} : { overrides }),
    });
    const rate = (rates?.input ?? 0) + OUTPUT_PER_INPUT * (rates?.output ?? 0);
    if (rates?.input !== undefined && rate > 0) return rate * PICO_PER_TOKEN_TO_USD_PER_MILLION;
  }
  return undefined;
}

/**
 * How dear a model is: dollars for a million input tokens with a quarter as many output tokens, in the scope of the
 * call and the standard tier, by the newest list or the user's own prices; `undefined` where none is known. Of the
 * model alone, so that neither a colder cache nor a longer answer looks like a dearer model.
 */
export function modelRate(overrides?: readonly PriceOverride[]): ModelRate {
  const known = new Map<string, number | undefined>();
  return ({ servedModel, scope }) => {
    const key = `${scope} ${servedModel}`;
    if (known.has(key)) return known.get(key);
    const rate = readRate(servedModel, scope, overrides);
    known.set(key, rate);
    if (known.size > MAX_MODELS) known.delete(known.keys().next().value as string);
    return rate;
  };
}
