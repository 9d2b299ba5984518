import { BaseView } from './base-view.js';
import type { EstimatedTokens } from './prompt-reading.js';
import { PromptReading } from './prompt-reading.js';
import type { RequestView } from './request-view.js';

/** Estimates the input tokens of a request, once for all its views. */
export function estimatedTokens(view: RequestView): EstimatedTokens {
  const prompt = view instanceof BaseView ? view.prompt : new PromptReading(view.blocks, () => view.features);
  return prompt.tokens;
}
