import { GROUP_COUNT, scanText } from './scan-text.js';

interface Entry {
  readonly text: string;
  readonly groups: Float64Array;
}

/** Shorter texts are scanned faster than they are looked up. */
const MIN_LENGTH = 512;
/** Longer ones are not kept, so that the memo holds at most 4 million characters. */
const MAX_LENGTH = 262_144;
const ENTRIES = 16;

const entries: (Entry | undefined)[] = new Array<Entry | undefined>(ENTRIES).fill(undefined);
let oldest = 0;

function find(text: string): Entry | undefined {
  for (const known of entries) {
    if (known !== undefined && known.text.length === text.length && known.text === text) return known;
  }
  return undefined;
}

/**
 * Adds the o200k tokens of a text to `groups`. The long texts seen last are remembered: a system prompt comes
 * back with every call, and several levers ask for the same prompt. The list is searched, not hashed: comparing
 * lengths rules nearly all out, and comparing a string with itself is free.
 *
 * @internal
 */
export function addText(text: string, groups: Float64Array): void {
  if (text.length < MIN_LENGTH || text.length > MAX_LENGTH) {
    if (text.length > 0) scanText(text, groups);
    return;
  }
  let entry = find(text);
  if (entry === undefined) {
    entry = { text, groups: new Float64Array(GROUP_COUNT) };
    scanText(text, entry.groups);
    entries[oldest] = entry;
    oldest = (oldest + 1) % ENTRIES;
  }
  for (let group = 0; group < GROUP_COUNT; group++) {
    groups[group] = (groups[group] as number) + (entry.groups[group] as number);
  }
}
