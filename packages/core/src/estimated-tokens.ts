import { estimateText } from '@costkit/tokens';
import type { Block, RequestView } from './request-view.js';

/** Estimated input tokens of a request. */
export interface EstimatedTokens {
  readonly total: number;
  /** In the order of {@link RequestView.blocks}. Media count 0: their tokens are not known from the request. */
  readonly perBlock: readonly number[];
}

// Views of one request share their blocks, so that several levers pay for one estimate.
const known = new WeakMap<readonly Block[], EstimatedTokens>();

/** Estimates the input tokens of a request, once for all its views. */
export function estimatedTokens(view: RequestView): EstimatedTokens {
  const before = known.get(view.blocks);
  if (before !== undefined) return before;
  const perBlock = view.blocks.map((block) => estimateText(block.text));
  const estimate = { total: perBlock.reduce((sum, tokens) => sum + tokens, 0), perBlock };
  known.set(view.blocks, estimate);
  return estimate;
}
