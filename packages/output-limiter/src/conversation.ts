import { type Call, estimatedTokens, type RequestView } from '@costkit/core';
import { MEDIA_TOKENS, MESSAGE_TOKENS, type MessageLike, mediaIn } from './window-messages.js';
import type { CallPrice } from './window-price.js';

/** What a conversation takes. */
export interface MeasuredConversation {
  /** Tokens of each message. */
  readonly perMessage: readonly number[];
  /** Tokens of tools and system prompt. */
  readonly stableTokens: number;
}

/** In tokens, counted without what answers have taught: what follows from them must not move with it. */
export function measureConversation(
  view: RequestView,
  messages: readonly MessageLike[],
  modelId: string,
): MeasuredConversation {
  const { perBlock } = estimatedTokens(view, {}, modelId);
  const perMessage = messages.map(() => MESSAGE_TOKENS);
  let stableTokens = 0;
  for (const [index, block] of view.blocks.entries()) {
    const { messageIndex } = block;
    const tokens = (perBlock[index] ?? 0) + mediaIn(block) * MEDIA_TOKENS;
    if (messageIndex === undefined) stableTokens += tokens;
    else perMessage[messageIndex] = (perMessage[messageIndex] ?? 0) + tokens;
  }
  return { perMessage, stableTokens };
}

/** At the rates of the call. */
export function conversationPrice(
  { modelId, tier }: RequestView,
  { region, priceOverrides }: Call,
  stableTokens: number,
  cached: boolean | undefined,
): CallPrice {
  return {
    model: modelId,
    stableTokens,
    priceOverrides,
    tier,
    ...(cached === undefined ? {} : { cached }),
    ...(region === undefined ? {} : { region }),
  };
}
