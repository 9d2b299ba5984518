export type { Chunk } from './chunk.js';
export { type FitChunksOptions, fitChunks } from './fit-chunks.js';
export {
  BREVITY_INSTRUCTION,
  type Effort,
  type OutputLimitOptions,
  type WindowOptions,
} from './output-limit-options.js';
export type { SummaryOptions } from './summarize-turns.js';
export type { ToolOptions } from './tool-options.js';
export type { ToolResultOptions } from './tool-result-options.js';
export { type MessageLike, type WindowMessagesOptions, windowMessages } from './window-messages.js';
export type { WindowPrice } from './window-price.js';
export { outputLimitPlugin, withOutputLimit } from './with-output-limit.js';
