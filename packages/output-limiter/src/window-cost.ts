import {
  checkOptions,
  estimatedTokens,
  InvalidOptionError,
  isArray,
  isNonNegativeNumber,
  isPositiveInteger,
  isText,
} from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { Money, type PriceOverride, ratesFor, resolveModel } from '@costkit/pricing';
import type { MessageLike } from './window-messages.js';

/** What {@link windowCost} takes besides the messages. */
export interface WindowCostOptions {
  /** The model that is called; its prices decide. */
  readonly model: string;
  /** Requests that are still to come in this conversation, this one included. */
  readonly requests: number;
  /** Tokens of tools and system prompt, which stay cached either way. @defaultValue 0 */
  readonly stableTokens?: number;
  /** Whether the conversation is in the prompt cache now, and stays so. @defaultValue `true` */
  readonly cached?: boolean;
  /** Source Region, for prices. */
  readonly region?: string;
  /** Negotiated prices. */
  readonly priceOverrides?: readonly PriceOverride[];
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
 * behind the first gap is another prefix, which must be written. Fewer tokens can cost more.
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
    model: isText,
    requests: isPositiveInteger,
    stableTokens: isNonNegativeNumber,
    cached: (value) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
    region: isText,
    priceOverrides: isArray,
  });
  const { model, requests, stableTokens = 0, cached = true, region, priceOverrides } = options;
  if (model === undefined || requests === undefined)
    throw new InvalidOptionError('output-limiter', model === undefined ? 'model' : 'requests', 'is missing');
  const tokensOf = (messages: readonly M[]): number =>
    messages.length === 0
      ? 0
      : estimatedTokens(viewRequest('Converse', { modelId: model, messages: [...messages] })).total;
  const gap = whole.findIndex((message, index) => message !== window[index]);
  const kept = gap < 0 ? whole : whole.slice(0, gap);
  const same = stableTokens + tokensOf(kept);
  const moved = tokensOf(window) - tokensOf(kept);
  const all = stableTokens + tokensOf(whole);
  const resolved = resolveModel(model);
  const rates =
    resolved === undefined
      ? undefined
      : ratesFor(
          {
            model: resolved,
            ...(region === undefined ? {} : { region }),
            ...(priceOverrides === undefined ? {} : { overrides: priceOverrides }),
          },
          all,
        );
  const input = rates?.input;
  if (input === undefined) return { whole: undefined, window: undefined, pays: false };
  const read = cached ? (rates?.cacheRead ?? input) : input;
  const write = cached ? (rates?.cacheWrite5m ?? input) : input;
  const wholePicoUsd = requests * all * read;
  // Once written, what has moved is read like the rest.
  const windowPicoUsd = requests * same * read + moved * (write + (requests - 1) * read);
  return {
    whole: Money.fromPicoUsd(Math.round(wholePicoUsd)),
    window: Money.fromPicoUsd(Math.round(windowPicoUsd)),
    pays: windowPicoUsd < wholePicoUsd,
  };
}
