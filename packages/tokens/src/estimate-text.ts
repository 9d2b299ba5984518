import { COEFFICIENTS } from './coefficients.generated.js';
import { FEATURE_COUNT } from './features.js';
import { createCounts, scanText } from './scan-text.js';

// One buffer for all calls: the scan is synchronous and leaves nothing behind.
const counts = createCounts();

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
  if (text.length === 0) return 0;
  scanText(text, counts);
  let tokens = 0;
  for (let index = 0; index < FEATURE_COUNT; index++) {
    tokens += (counts[index] as number) * (COEFFICIENTS[index] as number);
  }
  return tokens;
}
