import { GROUP_COUNT, scanText } from './scan-text.js';

/** Shorter texts are scanned faster than they are looked up. */
const MIN_LENGTH = 128;
/** Longer ones are not kept. */
const MAX_LENGTH = 262_144;
/** Characters that are kept: a conversation of some 200 turns, the prompts of many applications. */
const MAX_REMEMBERED_LENGTH = 4_194_304;

const remembered = new Map<string, Float64Array>();
let rememberedLength = 0;

/**
 * Adds the o200k tokens of a text to `groups`. Texts are remembered: a system prompt and the turns of a conversation
 * come back with every call, and several levers ask for the same prompt. To find a string that was found before costs
 * next to nothing, because it carries its hash; to read one again costs some nanoseconds for each character.
 *
 * @internal
 */
export function addText(text: string, groups: Float64Array): void {
  const { length } = text;
  if (length < MIN_LENGTH || length > MAX_LENGTH) {
    if (length > 0) scanText(text, groups);
    return;
  }
  let own = remembered.get(text);
  if (own === undefined) {
    own = new Float64Array(GROUP_COUNT);
    scanText(text, own);
    if (rememberedLength + length > MAX_REMEMBERED_LENGTH) {
      remembered.clear();
      rememberedLength = 0;
    }
    rememberedLength += length;
    remembered.set(text, own);
  }
  for (let group = 0; group < GROUP_COUNT; group++) {
    groups[group] = (groups[group] as number) + (own[group] as number);
  }
}
