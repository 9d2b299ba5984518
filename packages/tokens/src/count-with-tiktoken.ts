import type { EstimateTokensOptions } from './estimate-tokens.js';
import type { Countable, TokenEstimate } from './types.js';

/**
 * Counts with tiktoken's o200k instead of estimating: for a decision that is close to a threshold, outside the
 * hot path. The tokenizer (70 MB, 0.2 s) loads with the first call. Exact for the text of models that use
 * o200k; for others the count still has to be translated, and the range says how sure that is.
 *
 * @throws {@link TokenizerMissingError} when the optional package `tiktoken` is not installed
 *
 * @example
 * ```ts
 * const estimate = estimateTokens(input, { model });
 * const sure = estimate.low < 1024 && estimate.high > 1024 ? await countWithTiktoken(input, { model }) : estimate;
 * ```
 */
export async function countWithTiktoken(
  prompt: Countable,
  options: EstimateTokensOptions,
): Promise<TokenEstimate> {
  // Most applications never count: they do not load what does.
  const { encodedTokens, sharedEncoder } = await import('./encoded-tokens.js');
  return encodedTokens(sharedEncoder, prompt, options);
}
