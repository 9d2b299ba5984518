import {
  type Block,
  checkOptions,
  estimatedTokens,
  InvalidOptionError,
  isFunction,
  isObject,
  isPositiveInteger,
  isShare,
} from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { replayWindow } from './replay-window.js';
import { WINDOW_PRICE_CHECKS, type WindowPrice } from './window-price.js';
import { isWorth } from './window-worth.js';

/** A message of Converse, of any SDK copy. */
export interface MessageLike {
  readonly role?: string | undefined;
  readonly content?: readonly object[] | undefined;
}

/** What {@link windowMessages} takes besides the messages. */
export interface WindowMessagesOptions<M extends MessageLike = MessageLike> {
  /** Most tokens that the messages may have. */
  readonly maxTokens: number;
  /**
   * Share of `maxTokens` to which a full window is cut back. The lower, the longer the window then stays where
   * it is, and the cached prefix with it.
   *
   * @defaultValue 0.5
   */
  readonly cutBackTo?: number;
  /** Messages that must stay; the turn around each stays with it. @defaultValue none */
  readonly keep?: (message: M, index: number) => boolean;
  /** Counts a message's tokens. @defaultValue an estimate from its text, and 1,500 for each piece of media (assumed) */
  readonly countTokens?: (message: M) => number;
  /**
   * Leaves nothing out that costs less to keep, at the rates of a model and its prompt cache: what stands behind a gap
   * has to be written anew. The window may then hold more than `maxTokens`, as long as that is cheaper.
   *
   * @defaultValue none: `maxTokens` holds, whatever it costs
   */
  readonly price?: WindowPrice;
}

/** What a full window is cut back to where nothing else is said. */
export const DEFAULT_CUT_BACK_TO = 0.5;
/** A piece of media; an assumption. */
export const MEDIA_TOKENS = 1_500;
/** Role and separators. */
export const MESSAGE_TOKENS = 4;
/** Pieces of media that a block is or has inside. */
export const mediaIn = ({ media }: Block): number => media?.length ?? 0;

function estimate(message: MessageLike): number {
  const view = viewRequest('Converse', { modelId: '', messages: [message] });
  const media = view.blocks.reduce((pieces, block) => pieces + mediaIn(block), 0);
  return Math.ceil(estimatedTokens(view).total) + media * MEDIA_TOKENS + MESSAGE_TOKENS;
}

/**
 * Keeps a conversation within a number of tokens by leaving out its oldest turns. The first turn, the current one, those
 * you keep and those with a system message stay; turns are left out as a whole, so that tool calls keep their results, documents their
 * neighbours, and roles alternate as before. Messages are returned as the same objects.
 *
 * The window moves in steps: once it is full it is cut back to a share of itself, and stays where it is until it
 * is full again, so that the prefix can be cached for many turns. The steps follow from the conversation alone:
 * one that has grown by a turn is cut at the same place.
 *
 * When first, current and kept turns alone exceed `maxTokens`, those are returned.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * const messages = windowMessages(conversation, { maxTokens: 20_000 });
 * await client.send(new ConverseCommand({ modelId, messages }));
 * ```
 */
export function windowMessages<M extends MessageLike>(
  messages: readonly M[],
  options: WindowMessagesOptions<M>,
): M[] {
  checkOptions<WindowMessagesOptions<M>>('output-limiter', options, {
    maxTokens: isPositiveInteger,
    cutBackTo: isShare,
    keep: isFunction,
    countTokens: isFunction,
    price: isObject,
  });
  const { maxTokens, cutBackTo = DEFAULT_CUT_BACK_TO, keep, countTokens = estimate, price } = options;
  if (maxTokens === undefined) throw new InvalidOptionError('output-limiter', 'maxTokens', 'is missing');
  if (price !== undefined) checkPrice(price);
  const { left } = replayWindow(messages, {
    maxTokens,
    cutBackTo,
    countTokens: (message) => countTokens(message),
    ...(keep === undefined ? {} : { keep }),
    ...(price === undefined ? {} : { isWorth: isWorth(price) }),
  });
  return messages.filter((_, index) => !left.has(index));
}

function checkPrice(price: WindowPrice): void {
  checkOptions<WindowPrice>('output-limiter', price, WINDOW_PRICE_CHECKS, 'price.');
  if (price.model === undefined) throw new InvalidOptionError('output-limiter', 'price.model', 'is missing');
}
