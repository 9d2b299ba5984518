export { estimateText } from './estimate-text.js';
export { type EstimateTokensOptions, estimateTokens } from './estimate-tokens.js';
export type { ConverseLikeMessage, ConverseLikeRequest, EstimateMethod, TokenEstimate } from './types.js';
