/**
 * Estimates of prompts that were taken apart already. Apart from the main entry, because only code that puts such
 * prompts before several models needs it: the way of a call in `@costkit/core`.
 * @module
 */
export { type BlocksEstimate, type MeasuredBlocks, measureBlocks } from './measured-blocks.js';
export type { TokenRange } from './token-model.js';
export type { PromptBlock, PromptParts } from './types.js';
