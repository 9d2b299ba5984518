import { checkOptions, estimatedTokens, InvalidOptionError, isPositiveInteger } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { Money } from '@costkit/pricing';
import type { MessageLike } from './window-messages.js';
import { requestPricing, WINDOW_PRICE_CHECKS, type WindowPrice } from './window-price.js';

/** What {@link windowCost} takes besides the messages. */
export interface WindowCostOptions extends WindowPrice {
  /** Requests that are still to come in this conversation, this one included. */
  readonly requests: number;
}

/** What a conversation costs from here on, as it is and with messages left out. */
export interface WindowCost {
  /** Input of the requests to come, for what the conversation holds now; `undefined`: a price is unknown. */
  readonly whole: Money | undefined;
  /** The same with the window; what stands behind the first gap has to be written to the cache anew. */
  readonly window: Money | undefined;
  /** Whether leaving messages out costs less; `false` while it is not known. */
  readonly pays: boolean;
}

/**
 * Prices a window of a conversation with the prompt cache in view: what is left out is not read any more, and everything
 * behind the first gap is another prefix, which must be written, and below the model's minimum nothing is cached. Fewer
 * tokens can cost more.
 *
 * @param whole - all messages, as they were sent until now
 * @param window - those that are left, the same objects
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * const window = windowMessages(conversation, { maxTokens: 20_000 });
 * const { pays } = windowCost(conversation, window, { model, requests: 10 });
 * const messages = pays ? window : conversation;
 * ```
 */
export function windowCost<M extends MessageLike>(
  whole: readonly M[],
  window: readonly M[],
  options: WindowCostOptions,
): WindowCost {
  checkOptions<WindowCostOptions>('output-limiter', options, {
    ...WINDOW_PRICE_CHECKS,
    requests: isPositiveInteger,
  });
  const { model, requests } = options;
  if (model === undefined || requests === undefined)
    throw new InvalidOptionError('output-limiter', model === undefined ? 'model' : 'requests', 'is missing');
  const tokensOf = (messages: readonly M[]): number =>
    messages.length === 0
      ? 0
      : estimatedTokens(viewRequest('Converse', { modelId: model, messages: [...messages] })).total;
  const gap = whole.findIndex((message, index) => message !== window[index]);
  const same = tokensOf(gap < 0 ? whole : whole.slice(0, gap));
  const tokens = { whole: tokensOf(whole), same, moved: tokensOf(window) - same };
  const picoUsd = requestPricing(options)(tokens, requests);
  if (picoUsd === undefined) return { whole: undefined, window: undefined, pays: false };
  return {
    whole: Money.fromPicoUsd(Math.round(picoUsd.whole)),
    window: Money.fromPicoUsd(Math.round(picoUsd.window)),
    pays: picoUsd.window < picoUsd.whole,
  };
}
