import type { Block, Call, Receipt } from '@costkit/core';
import { mediaKey } from '@costkit/core/views';
import { boundedMap } from './bounded-map.js';
import { FINGERPRINT_SEED, fingerprint } from './fingerprint.js';

const MAX_CONVERSATIONS = 10_000;

/**
 * Remembers which model answered a conversation that was moved. Its next turn brings back what that model wrote,
 * tool calls and signed reasoning, and these belong to their author, not to the model the caller asks for.
 */
export interface ConversationAuthors {
  /** The id of the model that wrote the last answer in the conversation, where this process moved it there. */
  authorOf(call: Call): string | undefined;
  learn(receipt: Receipt, call: Call): void;
}

function fingerprintOf(blocks: readonly Block[], beforeMessage: number): number {
  let hash = FINGERPRINT_SEED;
  for (const { kind, messageIndex, text, media } of blocks) {
    if ((messageIndex ?? -1) >= beforeMessage) break;
    hash = fingerprint(text + mediaKey(media), fingerprint(kind, hash));
  }
  return hash;
}

/**
 * Makes an empty memory. Bounded: what was used least recently is forgotten first.
 *
 * @param rememberAll - also conversations that stay, before any was moved: each turn may be decided anew.
 */
export function createConversationAuthors(rememberAll: boolean = false): ConversationAuthors {
  const authors = boundedMap<number, string>(MAX_CONVERSATIONS);
  return {
    authorOf: ({ original: { blocks } }) => {
      const answered = blocks.findLast(({ role }) => role === 'assistant')?.messageIndex;
      // Up to its last answer the conversation is the request that was answered.
      return answered === undefined || authors.size === 0
        ? undefined
        : authors.get(fingerprintOf(blocks, answered));
    },
    learn: ({ attempts }, { original }) => {
      const author = attempts.findLast(
        ({ error, purpose }) => error === undefined && purpose !== 'check',
      )?.modelId;
      if (author === undefined) return;
      if (!rememberAll && author === original.modelId && authors.size === 0) return;
      authors.set(fingerprintOf(original.blocks, Number.POSITIVE_INFINITY), author);
    },
  };
}
