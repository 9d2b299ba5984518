import type { RequestView } from '@costkit/core';

/** Texts of this length and more are remembered: most of a prompt was in the prompt before. */
const REMEMBERED_LENGTH = 256;
/** Texts of one length that are remembered, the newest ones. */
const TEXTS_PER_LENGTH = 4;
/** UTF-16 units of text that are remembered in all; then remembering starts anew. */
const MAX_REMEMBERED_LENGTH = 2_000_000;

const LOW_PRIME = 0x85ebca6b;
const HIGH_PRIME = 0xc2b2ae35;

/** Two lanes of 32 bits, as one number of 53 bits: a key for maps that needs no text. */
function join(low: number, high: number): number {
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0);
}

function hashCodeUnits(text: string): number {
  const length = text.length;
  let low = length ^ 0x811c9dc5;
  let high = length ^ 0x9e3779b9;
  let index = 0;
  for (; index + 1 < length; index += 2) {
    const pair = text.charCodeAt(index) | (text.charCodeAt(index + 1) << 16);
    low = Math.imul(low ^ pair, LOW_PRIME);
    low = (low << 13) | (low >>> 19);
    high = Math.imul(high ^ pair, HIGH_PRIME);
    high = (high << 17) | (high >>> 15);
  }
  if (index < length) {
    low = Math.imul(low ^ text.charCodeAt(index), LOW_PRIME);
    high = Math.imul(high ^ text.charCodeAt(index), HIGH_PRIME);
  }
  low ^= low >>> 16;
  high ^= high >>> 15;
  return join(Math.imul(low, HIGH_PRIME), Math.imul(high, LOW_PRIME));
}

/** Hashes a text; not for security: who forges a collision only spoils statistics of its own client. */
export type TextHash = (text: string) => number;

interface RememberedText {
  readonly text: string;
  readonly hash: number;
}

/**
 * A hash that remembers long texts. They are found by their length and compared: that is ten times faster than to
 * read them, and no work at all where the text is the same object.
 */
export function createTextHash(): TextHash {
  const byLength = new Map<number, RememberedText[]>();
  let rememberedLength = 0;
  return (text) => {
    const { length } = text;
    if (length < REMEMBERED_LENGTH) return hashCodeUnits(text);
    let candidates = byLength.get(length);
    if (candidates !== undefined) {
      for (const candidate of candidates) if (candidate.text === text) return candidate.hash;
    }
    const hash = hashCodeUnits(text);
    if (rememberedLength + length > MAX_REMEMBERED_LENGTH) {
      byLength.clear();
      candidates = undefined;
      rememberedLength = 0;
    }
    if (candidates === undefined) {
      candidates = [];
      byLength.set(length, candidates);
    }
    rememberedLength += length;
    candidates.unshift({ text, hash });
    if (candidates.length > TEXTS_PER_LENGTH) {
      candidates.pop();
      rememberedLength -= length;
    }
    return hash;
  };
}

function mix(prefix: number, next: number): number {
  const low = Math.imul((prefix ^ next) | 0, LOW_PRIME);
  // `| 0` keeps the lower 32 bits only; the upper ones come from the division.
  const high = Math.imul(((prefix / 0x1_0000_0000) ^ (next / 0x1_0000_0000)) + low, HIGH_PRIME);
  return join((low << 15) | (low >>> 17), high ^ (high >>> 13));
}

/**
 * Keys of prefixes: two requests have the same key at a block where everything up to it is the same. What a cache
 * is kept apart by goes into the key too: the model, the Region and, for messages, whether thinking is on
 * (switching it abandons cached messages, not tools and system).
 *
 * @param through - the last block that a key is wanted for
 */
export function hashPrefixes(
  view: RequestView,
  region: string | undefined,
  through: number,
  hashText: TextHash,
): Float64Array {
  const keys = new Float64Array(through + 1);
  let key = mix(hashText(view.modelId), hashText(region ?? ''));
  let inMessages = false;
  for (let index = 0; index <= through; index++) {
    const block = view.blocks[index];
    if (block === undefined) break;
    if (!inMessages && block.section === 'messages') {
      inMessages = true;
      key = mix(key, view.features.thinking === undefined ? 1 : view.features.thinking ? 2 : 3);
    }
    key = mix(mix(key, hashText(`${block.role} ${block.kind}`)), hashText(block.text));
    keys[index] = key;
  }
  return keys;
}
