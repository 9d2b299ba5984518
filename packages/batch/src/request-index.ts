import { Buffer } from 'node:buffer';
import { MOST_MERGED_REQUESTS } from './constants.js';

/** Remembers which record was the first to ask something. */
export interface RequestIndex {
  /**
   * Who was the first to ask this; a request that nobody has asked is remembered, as long as there is room.
   *
   * @param ofRequest - hash of the request, hexadecimal; 24 digits of it count.
   * @param ordinal - who asks now; at least 0, below 2³² − 1.
   * @returns who was the first; `undefined`: nobody was before.
   */
  firstOf(ofRequest: string, ordinal: number): number | undefined;
}

/** Three words of the hash, and who asked first, counted from 1; 0: the place is free. */
const WORDS = 4;
const HASH_DIGITS = 24;
const FIRST_PLACES = 64;
const MOST_FILLED = 0.75;
const HIGHEST_ORDINAL = 2 ** 32 - 2;

interface Table {
  words: Uint32Array;
  filled: number;
}

/**
 * Makes an index of at most 22 to 43 bytes for each request: tables of plain numbers, by the beginning of the hash, each of
 * which doubles by itself. Ninety-six bits of a hash are compared: of three million requests two are mistaken for one another
 * once in 10¹⁶ batches.
 *
 * @param most - requests that are remembered; later ones find them, but not one another. @defaultValue 3,000,000
 */
export function createRequestIndex(most: number = MOST_MERGED_REQUESTS): RequestIndex {
  const tables: Table[] = Array.from({ length: 256 }, () => ({
    words: new Uint32Array(FIRST_PLACES * WORDS),
    filled: 0,
  }));
  let remembered = 0;

  return {
    firstOf: (ofRequest, ordinal) => {
      const bytes = Buffer.from(ofRequest.slice(0, HASH_DIGITS), 'hex');
      const table = tables[bytes[0] as number] as Table;
      const [one, two, three] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8)];
      const at = placeOf(table.words, one, two, three);
      const found = table.words[at + 3] as number;
      if (found !== 0) return found - 1;
      if (remembered === most || ordinal > HIGHEST_ORDINAL) return undefined;
      table.words.set([one, two, three, ordinal + 1], at);
      table.filled += 1;
      remembered += 1;
      if (table.filled > (table.words.length / WORDS) * MOST_FILLED) table.words = doubled(table.words);
      return undefined;
    },
  };
}

/** Where a hash stands, or the free place where it would. */
function placeOf(words: Uint32Array, one: number, two: number, three: number): number {
  const places = words.length / WORDS;
  for (let place = three % places; ; place = (place + 1) % places) {
    const at = place * WORDS;
    if (words[at + 3] === 0) return at;
    if (words[at] === one && words[at + 1] === two && words[at + 2] === three) return at;
  }
}

function doubled(words: Uint32Array): Uint32Array {
  const larger = new Uint32Array(words.length * 2);
  for (let at = 0; at < words.length; at += WORDS) {
    if (words[at + 3] === 0) continue;
    const entry = words.subarray(at, at + WORDS);
    larger.set(entry, placeOf(larger, entry[0] as number, entry[1] as number, entry[2] as number));
  }
  return larger;
}
