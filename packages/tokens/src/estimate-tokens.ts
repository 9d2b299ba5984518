import type { Calibration } from './calibration.js';
import { type MeasuredPrompt, measurePrompt } from './measure-prompt.js';
import { partsOf } from './part-vector.js';
import { priorModel, rangeOf, type TokenModel } from './token-model.js';
import { type TokenizerFamily, tokenizerFamilyOf } from './tokenizer-families.js';
import type { Countable, EstimateMethod, TokenEstimate } from './types.js';

/** How {@link estimateTokens} counts. */
export interface EstimateTokensOptions {
  /** Model id, inference profile or ARN. One that is not known widens the range; it is no error. */
  readonly model: string;
  /** What earlier responses taught. @defaultValue none: the factors of the model's tokenizer family */
  readonly calibration?: Calibration | undefined;
}

const priors = new Map<TokenizerFamily, TokenModel>();

/** What is believed of a model: by its own responses, else by its family. @internal */
export function tokenModelOf({ model, calibration }: EstimateTokensOptions): TokenModel {
  const learned = calibration?.modelOf(model);
  if (learned !== undefined) return learned;
  const family = tokenizerFamilyOf(model);
  let prior = priors.get(family);
  if (prior === undefined) {
    prior = priorModel(family);
    priors.set(family, prior);
  }
  return prior;
}

/** Puts the estimate of a measured prompt together. @internal */
export function toEstimate(
  prompt: MeasuredPrompt,
  tokenModel: TokenModel,
  method: EstimateMethod,
): TokenEstimate {
  const { total, low, high } = rangeOf(tokenModel, prompt.parts, method === 'tiktoken');
  const { media } = prompt;
  const tokens = Math.round(total + media.tokens);
  return {
    tokens,
    low: Math.min(tokens, Math.floor(low + media.low)),
    high: Math.max(tokens, Math.ceil(high + media.high)),
    method,
    unknown: [...prompt.unknown],
    mediaTokens: media.tokens,
    parts: partsOf(prompt.parts),
  };
}

/**
 * Estimates the input tokens of a text, of a Converse request or of a request view, with a range. Fast enough
 * for the way of every call: about 20 µs for 10 kB of text, less when the text was seen before. It never throws
 * on a request that the SDK would take.
 *
 * @example
 * ```ts
 * const { tokens, low, high, unknown } = estimateTokens(input, { model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' });
 * ```
 */
export function estimateTokens(prompt: Countable, options: EstimateTokensOptions): TokenEstimate {
  const tokenModel = tokenModelOf(options);
  const method = tokenModel.observations > 0 ? 'calibrated' : 'estimated';
  return toEstimate(measurePrompt(prompt, options.model), tokenModel, method);
}
