import type { Block, BlockKind, RequestView } from '@costkit/core';
import { mediaKey } from '@costkit/core/views';

/** Texts of this length and more are remembered: most of a prompt was in the prompt before. */
const REMEMBERED_LENGTH = 64;
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

/**
 * A hash that remembers long texts. To find one that is the same object costs nothing, and one that is equal less than
 * to read it.
 */
export function createTextHash(): TextHash {
  const remembered = new Map<string, number>();
  let rememberedLength = 0;
  return (text) => {
    const { length } = text;
    if (length < REMEMBERED_LENGTH) return hashCodeUnits(text);
    const known = remembered.get(text);
    if (known !== undefined) return known;
    const hash = hashCodeUnits(text);
    if (rememberedLength + length > MAX_REMEMBERED_LENGTH) {
      remembered.clear();
      rememberedLength = 0;
    }
    rememberedLength += length;
    remembered.set(text, hash);
    return hash;
  };
}

function mix(prefix: number, next: number): number {
  const low = Math.imul((prefix ^ next) | 0, LOW_PRIME);
  // `| 0` keeps the lower 32 bits only; the upper ones come from the division.
  const high = Math.imul(((prefix / 0x1_0000_0000) ^ (next / 0x1_0000_0000)) + low, HIGH_PRIME);
  return join((low << 15) | (low >>> 17), high ^ (high >>> 13));
}

/** Keys of who says what kind of block: there are few, and each is asked for at every block. */
const KIND_KEYS = new Map<BlockKind, Map<Block['role'], number>>();

function kindKeyOf({ kind, role }: Block): number {
  let byRole = KIND_KEYS.get(kind);
  if (byRole === undefined) {
    byRole = new Map();
    KIND_KEYS.set(kind, byRole);
  }
  let key = byRole.get(role);
  if (key === undefined) {
    key = hashCodeUnits(`${role} ${kind}`);
    byRole.set(role, key);
  }
  return key;
}

/** The prompt that was hashed last: most of it is in the next one of the same conversation. */
export interface LastPrompt {
  /** What its keys begin with. */
  start: number;
  thinking: boolean | undefined;
  blocks: readonly Block[];
  keys: Float64Array;
}

/** Nothing was hashed yet. */
export const noPrompt = (): LastPrompt => ({
  start: 0,
  thinking: undefined,
  blocks: [],
  keys: new Float64Array(),
});

/**
 * Keys of prefixes: two requests have the same key at a block where everything up to it is the same. What a cache
 * is kept apart by goes into the key too: the model, the Region and, for messages, whether thinking is on
 * (switching it abandons cached messages, not tools and system).
 *
 * @param through - the last block that a key is wanted for
 * @param last - what was hashed before, which is compared and not hashed again; takes this prompt
 */
export function hashPrefixes(
  view: RequestView,
  region: string | undefined,
  through: number,
  hashText: TextHash,
  last: LastPrompt = noPrompt(),
): Float64Array {
  const { blocks } = view;
  const { thinking } = view.features;
  const keys = new Float64Array(through + 1);
  const start = mix(hashText(view.modelId), hashText(region ?? ''));
  let index = 0;
  if (last.start === start && last.thinking === thinking) {
    const most = Math.min(through + 1, last.keys.length);
    while (index < most && sameBlock(blocks[index], last.blocks[index])) {
      keys[index] = last.keys[index] as number;
      index++;
    }
  }
  let key = index === 0 ? start : (keys[index - 1] as number);
  let inMessages = index > 0 && blocks[index - 1]?.section === 'messages';
  for (; index <= through; index++) {
    const block = blocks[index];
    if (block === undefined) break;
    if (!inMessages && block.section === 'messages') {
      inMessages = true;
      key = mix(key, thinking === undefined ? 1 : thinking ? 2 : 3);
    }
    key = mix(mix(key, kindKeyOf(block)), hashText(block.text));
    if (block.media !== undefined) key = mix(key, hashText(mediaKey(block.media)));
    keys[index] = key;
  }
  Object.assign(last, { start, thinking, blocks, keys });
  return keys;
}

const sameBlock = (one: Block | undefined, other: Block | undefined): boolean =>
  one !== undefined &&
  other !== undefined &&
  one.text === other.text &&
  one.kind === other.kind &&
  one.role === other.role &&
  one.section === other.section &&
  (one.media === other.media || mediaKey(one.media) === mediaKey(other.media));
