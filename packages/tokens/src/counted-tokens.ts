import { bareModelId, resolveModel } from '@costkit/pricing';
import type { CountWithBedrockOptions } from './count-with-bedrock.js';
import { CountTokensUnsupportedError } from './errors.js';
import { toEstimate, tokenModelOf } from './estimate-tokens.js';
import { measurePrompt } from './measure-prompt.js';
import type { ConverseLikeRequest, TokenEstimate } from './types.js';

/** The service's own count, as an estimate that is sure of itself. */
export async function countedTokens<Request extends ConverseLikeRequest>(
  request: Request,
  { model, count, calibration }: CountWithBedrockOptions<Request>,
): Promise<TokenEstimate> {
  const modelId = bareModelId(model);
  if (modelId === undefined || resolveModel(model)?.model.capabilities.countTokens !== true) {
    throw new CountTokensUnsupportedError(model);
  }
  const { inputTokens } = await count({ modelId, input: { converse: request } });
  const estimate = toEstimate(
    measurePrompt(request, model),
    tokenModelOf({ model, calibration }),
    'estimated',
  );
  // A service that answered without a number has not counted: the estimate says so by its method.
  if (inputTokens === undefined) return estimate;
  calibration?.observe(model, estimate, inputTokens);
  return {
    ...estimate,
    tokens: inputTokens,
    low: inputTokens,
    high: inputTokens,
    method: 'countTokens',
    unknown: [],
  };
}
