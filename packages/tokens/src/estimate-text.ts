import { GROUP_COUNT } from './scan-text.js';
import { addText } from './text-memo.js';

// One buffer for all calls: the scan is synchronous and its result is read at once.
const groups: Float64Array = /* @__PURE__ */ new Float64Array(GROUP_COUNT);

/**
 * Estimates how many o200k tokens `text` has: one pass, no object, no dependency. The cheap primitive for
 * code on the hot path that needs a number only; {@link estimateTokens} adds the model and the error range.
 *
 * @returns tokens, not rounded, so that parts of one request can be added up; 0 for empty text
 *
 * @example
 * ```ts
 * estimateText('How long does a refund take?'); // about 7
 * ```
 */
export function estimateText(text: string): number {
  for (let group = 0; group < GROUP_COUNT; group++) groups[group] = 0;
  addText(text, groups);
  return (groups[0] as number) + (groups[1] as number) + (groups[2] as number) + (groups[3] as number);
}
