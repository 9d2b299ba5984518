export {
  type Calibration,
  type CalibrationOptions,
  type CalibrationStore,
  createCalibration,
} from './calibration.js';
export {
  type CountTokensLikeInput,
  type CountWithBedrockOptions,
  countWithBedrock,
} from './count-with-bedrock.js';
export { countWithTiktoken } from './count-with-tiktoken.js';
export { CountTokensUnsupportedError, TokenizerMissingError } from './errors.js';
export { estimateText } from './estimate-text.js';
export { type EstimateTokensOptions, estimateTokens } from './estimate-tokens.js';
export {
  TOKENIZER_FAMILIES,
  type TokenFactor,
  type TokenizerFamily,
  type TokenizerFamilyName,
  tokenizerFamilyOf,
} from './tokenizer-families.js';
export type {
  BlockListRequest,
  ConverseLikeMessage,
  ConverseLikeRequest,
  Countable,
  EstimateMethod,
  PromptBlock,
  PromptParts,
  TokenEstimate,
} from './types.js';
