import type { MessageLike } from './window-messages.js';

/**
 * A user's message that answers no tool call begins a turn. One behind another of the user's belongs to that: Anthropic
 * Messages bodies may have several of one role in a row, which the service takes as one.
 */
export function beginsTurn({ role, content = [] }: MessageLike, before: MessageLike | undefined): boolean {
  if (before?.role === 'user') return false;
  return role === 'user' && !content.some((block) => 'toolResult' in block && block.toolResult !== undefined);
}

/** Messages of a conversation that earlier requests have sent, or that answered them. */
export const sentBefore = (messages: readonly MessageLike[]): number =>
  messages.findLastIndex(({ role }) => role === 'assistant') + 1;

/** Requests that a conversation has had; it is taken to go on for as long. */
export const requestsToCome = (messages: readonly MessageLike[]): number =>
  Math.max(1, messages.filter(({ role }) => role === 'assistant').length);
