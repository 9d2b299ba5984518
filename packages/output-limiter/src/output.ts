/**
 * Shorter answers, and what that saves. Apart from the main entry, because nothing of it runs by itself.
 * @module
 */
export {
  AnswerFormatError,
  askInFormat,
  type FormatRequest,
  type FormattedOutput,
} from './ask-in-format.js';
export { type CompactFormat, compactFormat } from './compact-format.js';
export { type HoldOutSaving, holdOutSaving } from './hold-out-saving.js';
export type { PromptRequest } from './prompt-parts.js';
