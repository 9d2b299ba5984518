import type { Block, Call, Receipt } from '@costkit/core';
import { mediaKey } from '@costkit/core/views';
import { boundedMap } from './bounded-map.js';
import { FINGERPRINT_SEED, fingerprint } from './fingerprint.js';

/** Two for each conversation. */
const MAX_FINGERPRINTS = 20_000;

/**
 * Remembers which model answered a conversation that was moved. Its next turn brings back what that model wrote,
 * tool calls and signed reasoning, and these belong to their author, not to the model the caller asks for.
 */
export interface ConversationAuthors {
  /** The id of the model that wrote the last answer in the conversation, where this process moved it there. */
  authorOf(call: Call): string | undefined;
  learn(receipt: Receipt, call: Call): void;
}

/**
 * Of the whole request, and of its turns alone: agents tell the time in their system prompt and change their tools
 * within one loop.
 */
function fingerprintsOf(blocks: readonly Block[], beforeMessage: number): readonly [number, number] {
  let whole = FINGERPRINT_SEED;
  let turns = FINGERPRINT_SEED;
  for (const { kind, section, messageIndex, text, media } of blocks) {
    if ((messageIndex ?? -1) >= beforeMessage) break;
    const content = text + mediaKey(media);
    whole = fingerprint(content, fingerprint(kind, whole));
    if (section === 'messages') turns = fingerprint(content, fingerprint(kind, turns));
  }
  return [whole, turns];
}

/**
 * Makes an empty memory. Bounded: what was used least recently is forgotten first.
 *
 * @param rememberAll - also conversations that stay, before any was moved: each turn may be decided anew.
 */
export function createConversationAuthors(rememberAll: boolean = false): ConversationAuthors {
  const authors = boundedMap<number, string>(MAX_FINGERPRINTS);
  return {
    authorOf: ({ original: { blocks } }) => {
      const answered = blocks.findLast(({ role }) => role === 'assistant')?.messageIndex;
      // Up to its last answer the conversation is the request that was answered.
      if (answered === undefined || authors.size === 0) return undefined;
      const [whole, turns] = fingerprintsOf(blocks, answered);
      return authors.get(whole) ?? authors.get(turns);
    },
    learn: ({ attempts }, { original }) => {
      const author = attempts.findLast(
        ({ error, purpose }) => error === undefined && purpose !== 'check',
      )?.modelId;
      if (author === undefined) return;
      if (!rememberAll && author === original.modelId && authors.size === 0) return;
      for (const key of fingerprintsOf(original.blocks, Number.POSITIVE_INFINITY)) authors.set(key, author);
    },
  };
}
