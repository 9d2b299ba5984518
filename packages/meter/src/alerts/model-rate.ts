import { resolveModel } from '@costkit/pricing';

const MAX_MODELS = 1_000;
const PICO_PER_TOKEN_TO_USD_PER_MILLION = 1e-6;
/** Output tokens that come with an input token, about: only to put a model's two rates into one figure. */
const OUTPUT_PER_INPUT = 0.25;

function readRate(modelId: string): number | undefined {
  const rates = resolveModel(modelId)?.model.prices.find(
    (row) => row.tier === 'standard' && row.aboveTokens === undefined && row.rates.input !== undefined,
  )?.rates;
  if (rates?.input === undefined) return undefined;
  const rate = rates.input + OUTPUT_PER_INPUT * (rates.output ?? 0);
  return rate > 0 ? rate * PICO_PER_TOKEN_TO_USD_PER_MILLION : undefined;
}

const known = new Map<string, number | undefined>();

/**
 * How dear a model is by its list price: dollars for a million input tokens with a quarter as many output tokens;
 * `undefined` where the catalogue does not know. Of the model alone, so that neither a colder cache nor a longer
 * answer looks like a dearer model.
 */
export function modelRate(modelId: string): number | undefined {
  if (known.has(modelId)) return known.get(modelId);
  const rate = readRate(modelId);
  known.set(modelId, rate);
  if (known.size > MAX_MODELS) known.delete(known.keys().next().value as string);
  return rate;
}
