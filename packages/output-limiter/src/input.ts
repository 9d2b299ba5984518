/**
 * Fewer input tokens: tool results, tools and prompts. Apart from the main entry, because it is called, and runs by itself only where options ask for it.
 * @module
 */
export { type AblatedPart, type AblatePromptOptions, ablatePrompt } from './ablate-prompt.js';
export { type CompactToolResultsOptions, compactToolResults } from './compact-tool-results.js';
export type { PromptPart, PromptRequest } from './prompt-parts.js';
export {
  type PromptFinding,
  type PromptReport,
  type PromptReportOptions,
  type PromptSectionCost,
  promptReport,
} from './prompt-report.js';
export { type SelectToolsOptions, selectTools, type ToolLike } from './select-tools.js';
export { type WindowCost, type WindowCostOptions, windowCost } from './window-cost.js';
export type { MessageLike } from './window-messages.js';
export type { WindowPrice } from './window-price.js';
