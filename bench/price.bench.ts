import { costOf, resolveModel } from '@costkit/pricing';
import { calcPrice } from '@pydantic/genai-prices';
import type { Comparison } from './comparison.js';

const MODEL = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const USAGE = {
  input: 1200,
  output: 300,
  cacheRead: 3000,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheWrite30m: 0,
};

/** 0.5 µs where genai-prices takes 17: machines differ by more than a factor of four. */
const AT_MOST_RATIO = 0.5 / 17;

/** Looking up a model and pricing a call, beside the price package that others use. */
export function comparisons(): readonly Comparison[] {
  return [
    {
      title: 'resolve a model and price a call',
      baseline: '@pydantic/genai-prices',
      cases: {
        '@pydantic/genai-prices': () =>
          calcPrice({ input_tokens: 4200, output_tokens: 300, cache_read_tokens: 3000 }, MODEL, {
            providerId: 'aws',
          }),
        'resolveModel + costOf': () => costOf(USAGE, { model: resolveModel(MODEL) ?? MODEL }),
        'costOf by id': () => costOf(USAGE, { model: MODEL }),
      },
      limits: [{ case: 'resolveModel + costOf', atMostRatio: AT_MOST_RATIO }],
    },
  ];
}
