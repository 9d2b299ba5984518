import {
  checkOptions,
  estimatedTokens,
  InvalidOptionError,
  isFunction,
  isPositiveInteger,
  isShare,
} from '@costkit/core';
import { viewRequest } from '@costkit/core/views';

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
}

/** A question and everything up to the next one: tool calls and their results are never parted. */
interface Turn {
  tokens: number;
  kept: boolean;
}

const DEFAULT_CUT_BACK_TO = 0.5;
const MEDIA_TOKENS = 1_500;
/** Role and separators. */
const MESSAGE_TOKENS = 4;
const MEDIA: readonly string[] = ['image', 'document', 'video', 'audio'];

function estimate(message: MessageLike): number {
  const view = viewRequest('Converse', { modelId: '', messages: [message] });
  const media = view.blocks.filter(({ kind }) => MEDIA.includes(kind)).length;
  return Math.ceil(estimatedTokens(view).total) + media * MEDIA_TOKENS + MESSAGE_TOKENS;
}

/** A user's message that answers no tool call begins a turn. */
function beginsTurn({ role, content = [] }: MessageLike): boolean {
  return role === 'user' && !content.some((block) => 'toolResult' in block && block.toolResult !== undefined);
}

/**
 * Keeps a conversation within a number of tokens by leaving out its oldest turns. The first turn, the current one
 * and those you keep stay; turns are left out as a whole, so that tool calls keep their results, documents their
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
  });
  if (options.maxTokens === undefined)
    throw new InvalidOptionError('output-limiter', 'maxTokens', 'is missing');
  const { maxTokens, cutBackTo = DEFAULT_CUT_BACK_TO, keep, countTokens = estimate } = options;
  const turns: Turn[] = [];
  const turnOf: Turn[] = [];
  const left = new Set<Turn>();
  let total = 0;
  let oldest = 1;

  // Replays how the conversation grew, message by message: the cut of a longer one then follows that of a shorter.
  for (const [index, message] of messages.entries()) {
    if (index === 0 || beginsTurn(message)) turns.push({ tokens: 0, kept: false });
    const current = turns.at(-1) as Turn;
    turnOf.push(current);
    const tokens = countTokens(message);
    current.tokens += tokens;
    current.kept ||= keep?.(message, index) === true;
    total += tokens;
    if (total <= maxTokens) continue;
    for (; oldest < turns.length - 1 && total > maxTokens * cutBackTo; oldest += 1) {
      const turn = turns[oldest] as Turn;
      if (turn.kept) continue;
      left.add(turn);
      total -= turn.tokens;
    }
  }
  return messages.filter((_, index) => !left.has(turnOf[index] as Turn));
}
