import { type Call, estimatedTokens, type RequestView } from '@costkit/core';
import { estimateTokens } from '@costkit/tokens';
import { MEDIA, MEDIA_TOKENS, MESSAGE_TOKENS, type MessageLike } from './window-messages.js';
import type { WindowPrice } from './window-price.js';
import type { ToolResultBlock } from './written-results.js';

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
  const results = messages.flatMap(({ content = [] }) =>
    content.flatMap((block: ToolResultBlock) => block.toolResult ?? []),
  );
  let [stableTokens, resultIndex] = [0, 0];
  for (const [index, { kind, messageIndex }] of view.blocks.entries()) {
    let tokens = MEDIA.includes(kind) ? MEDIA_TOKENS : (perBlock[index] ?? 0);
    if (kind === 'toolResult') {
      tokens = illustratedTokens(results[resultIndex], modelId) ?? tokens;
      resultIndex += 1;
    }
    if (messageIndex === undefined) stableTokens += tokens;
    else perMessage[messageIndex] = (perMessage[messageIndex] ?? 0) + tokens;
  }
  return { perMessage, stableTokens };
}

/** A tool result with media, whose bytes are no text; `undefined` for one without. */
function illustratedTokens(result: ToolResultBlock['toolResult'], model: string): number | undefined {
  const parts = result?.content ?? [];
  const media = parts.filter((part) => MEDIA.some((kind) => kind in part)).length;
  if (media === 0) return undefined;
  const texts = parts.map(({ text, json }) => (typeof text === 'string' ? text : JSON.stringify(json ?? '')));
  return estimateTokens(texts.join('\n'), { model }).tokens + media * MEDIA_TOKENS;
}

/** At the rates of the call. */
export function conversationPrice(
  { modelId }: RequestView,
  { region, priceOverrides }: Call,
  stableTokens: number,
  cached: boolean | undefined,
): WindowPrice {
  return {
    model: modelId,
    stableTokens,
    priceOverrides,
    ...(cached === undefined ? {} : { cached }),
    ...(region === undefined ? {} : { region }),
  };
}
