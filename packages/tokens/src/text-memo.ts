import { GROUP_COUNT, scanText } from './scan-text.js';

/** Shorter texts are scanned faster than they are looked up. */
const MIN_LENGTH = 128;
/** Longer ones are not kept. */
const MAX_LENGTH = 262_144;
/** Characters that are kept: a conversation of some 200 turns, the prompts of many applications. */
const MAX_REMEMBERED_LENGTH = 4_194_304;

const remembered = new Map<string, Float64Array>();
let rememberedLength = 0;

/** Of a text that is not remembered: reading is synchronous, and an array for each of them would cost more than it. */
const scanned: Float64Array = /* @__PURE__ */ new Float64Array(GROUP_COUNT);

/**
 * Adds the o200k tokens of a text to `groups`, the first of which stands at `place`. Texts are remembered: a system prompt
 * and the turns of a conversation come back with every call, and several levers ask for the same prompt. To find a string
 * that was found before costs next to nothing, because it carries its hash; to read one again costs some nanoseconds for
 * each character.
 *
 * @internal
 */
export function addText(text: string, groups: Float64Array, place = 0): void {
  if (text === '') return;
  const own = groupsOf(text);
  for (let group = 0; group < GROUP_COUNT; group++) {
    groups[place + group] = (groups[place + group] as number) + (own[group] as number);
  }
}

function groupsOf(text: string): Float64Array {
  const { length } = text;
  if (length < MIN_LENGTH || length > MAX_LENGTH) {
    scanned.fill(0);
    scanText(text, scanned);
    return scanned;
  }
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const groups = new Float64Array(GROUP_COUNT);
  scanText(text, groups);
  if (rememberedLength + length > MAX_REMEMBERED_LENGTH) {
    remembered.clear();
    rememberedLength = 0;
  }
  rememberedLength += length;
  remembered.set(text, groups);
  return groups;
}
