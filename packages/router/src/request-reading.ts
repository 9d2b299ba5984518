import { estimatedTokens } from '@costkit/core';
import type { RequestReading } from './match-rule.js';
import { mediaTokens } from './media-tokens.js';
import { shapeOf } from './request-shape.js';

/** What conditions ask of a request. */
export const READING: RequestReading = {
  shapeOf,
  inputTokens: (view, call) => {
    const { total } = estimatedTokens(view, call);
    const media = mediaTokens(view, call, call.resolve(view.modelId)?.model.id ?? view.modelId);
    const least = total + media.tokens;
    return { least, most: media.unknown.length === 0 ? least : Number.POSITIVE_INFINITY };
  },
};
