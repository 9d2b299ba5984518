import type { RequestView } from '@costkit/core';
import { mediaKey } from '@costkit/core/views';

/** Characters of each block that are looked at, from its head and from its tail. */
const LOOKED_AT = 1_024;
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** Adds a text to a hash (FNV-1a over UTF-16 units). */
export function mix(state: number, text: string): number {
  let next = state;
  for (let index = 0; index < text.length; index += 1)
    next = Math.imul(next ^ text.charCodeAt(index), PRIME) >>> 0;
  return Math.imul(next ^ text.length, PRIME) >>> 0;
}

/** A number for a text: of its head, its tail and its length. */
export function sample(text: string): number {
  const state =
    text.length <= 2 * LOOKED_AT
      ? mix(OFFSET, text)
      : mix(mix(OFFSET, text.slice(0, LOOKED_AT)), text.slice(-LOOKED_AT));
  return Math.imul(state ^ text.length, PRIME) >>> 0;
}

/**
 * A number that is the same for requests that ask the same thing again: model and last message. What stands
 * before the last message does not count, so that a loop that drags a growing conversation along is seen too.
 * The same question about another picture is another request. Nothing of text and media is kept.
 */
export function requestFingerprint(view: RequestView): number {
  let state = mix(OFFSET, view.modelId);
  const last = view.blocks.at(-1)?.messageIndex;
  for (const block of view.blocks) {
    if (block.messageIndex !== last) continue;
    state = Math.imul(mix(mix(state, block.kind), mediaKey(block.media)) ^ sample(block.text), PRIME) >>> 0;
  }
  return state;
}
