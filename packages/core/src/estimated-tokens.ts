import type { EstimatedTokens } from './prompt-reading.js';
import type { RequestView } from './request-view.js';

/** Estimates the input tokens of a request, once for all its views. */
export function estimatedTokens(view: RequestView): EstimatedTokens {
  // By the view's own reading: what estimates is loaded with the first view, not by importing this package.
  return view.prompt.tokens;
}
