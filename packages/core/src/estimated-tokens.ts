import type { ResolvedModel } from '@costkit/pricing';
import type { Calibration } from '@costkit/tokens';
import type { EstimatedTokens } from './prompt-reading.js';
import type { RequestView } from './request-view.js';

/** What a call knows about tokens; a {@link Call} is one. */
export interface TokenKnowledge {
  /** The model behind an id or ARN. */
  readonly resolve?: (modelId: string) => ResolvedModel | undefined;
  /** What the responses of each model have taught. */
  readonly calibration?: Calibration | undefined;
}

/**
 * Estimates the input tokens of a request. The text is read once for all its views, so that asking for several models
 * costs little.
 *
 * @param call - the call that the request belongs to: estimates follow what responses have reported. Without one, the
 * factors of the model's tokenizer family count.
 * @param modelId - for another model than the one that the request names.
 *
 * @example
 * ```ts
 * const { total, high } = estimatedTokens(view, call);
 * ```
 */
export function estimatedTokens(
  view: RequestView,
  call: TokenKnowledge = {},
  modelId: string = view.modelId,
): EstimatedTokens {
  // By the view's own reading: what estimates is loaded with the first view, not by importing this package.
  return view.prompt.tokens(call.resolve?.(modelId)?.model.id ?? modelId, call.calibration);
}
