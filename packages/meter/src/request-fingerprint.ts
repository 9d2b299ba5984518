import type { RequestView } from '@costkit/core';

/** Characters of each block that are looked at, from its head and from its tail. */
const LOOKED_AT = 1_024;

function mix(state: number, text: string): number {
  let next = state;
  for (let index = 0; index < text.length; index += 1)
    next = Math.imul(next ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return Math.imul(next ^ text.length, 0x01000193) >>> 0;
}

/**
 * A number that is the same for requests that ask the same thing again: model and last message. What stands
 * before the last message does not count, so that a loop that drags a growing conversation along is seen too.
 * The text itself is not kept.
 */
export function requestFingerprint(view: RequestView): number {
  let state = mix(0x811c9dc5, view.modelId);
  const last = view.blocks.at(-1)?.messageIndex;
  for (const block of view.blocks) {
    if (block.messageIndex !== last) continue;
    const { text } = block;
    state = mix(state, block.kind);
    state =
      text.length <= 2 * LOOKED_AT
        ? mix(state, text)
        : mix(mix(state, text.slice(0, LOOKED_AT)), text.slice(-LOOKED_AT));
    state = Math.imul(state ^ text.length, 0x01000193) >>> 0;
  }
  return state;
}
