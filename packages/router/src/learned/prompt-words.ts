import { DIGITS, LETTERS, scanTokens } from './scan-tokens.js';

/** Words and pairs of words fall into this many buckets. */
export const BUCKETS = 65_536;

/** Longer texts are read at both ends: a score must stay far below a millisecond, and instructions stand there. */
const MAX_CHARACTERS = 4_096;
const LONGEST_NUMBER = 6;

/** The buckets that a text fills, and how often each occurs in it. */
interface BucketCounts {
  readonly buckets: readonly number[];
  readonly times: readonly number[];
}

/** What a text says, in numbers: how often each bucket occurs, and which words there are. */
export interface PromptWords {
  /** For each text apart. */
  readonly counts: readonly BucketCounts[];
  /** Hashes of all words that are letters. */
  readonly words: readonly number[];
}

/** The text, or its beginning and its end where it is long. */
export function excerpt(text: string): string {
  if (text.length <= MAX_CHARACTERS) return text;
  return `${text.slice(0, MAX_CHARACTERS / 2)}\n${text.slice(-MAX_CHARACTERS / 2)}`;
}

/** Spreads the bits of a number over all of it (the finalizer of MurmurHash3). */
function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** FNV-1a over UTF-16 units. */
function hashOf(text: string, start: number, end: number, salt: number): number {
  let hash = 0x811c9dc5 ^ salt;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mix(hash);
}

/** Numbers count by their length only: their digits are hardly ever seen again. */
function hashOfNumber(length: number, salt: number): number {
  const name = `#${Math.min(length, LONGEST_NUMBER)}`;
  return hashOf(name, 0, name.length, salt);
}

/** Counts for the text being read; all 0 between two texts. A map that grows for every text takes twice as long. */
const tally = new Uint16Array(BUCKETS);

/** Counts the words and pairs of words of a prompt, and of an answer to it where there is one. */
export function promptWords(...texts: readonly string[]): PromptWords {
  const words: number[] = [];
  const counts = texts.map((text, salt): BucketCounts => {
    const buckets: number[] = [];
    const add = (hash: number): void => {
      const bucket = hash % BUCKETS;
      if (tally[bucket] === 0) buckets.push(bucket);
      tally[bucket]! += 1;
    };
    let previous: number | undefined;
    const read = excerpt(text).toLowerCase();
    scanTokens(read, (start, end, kind) => {
      const hash = kind === DIGITS ? hashOfNumber(end - start, salt) : hashOf(read, start, end, salt);
      if (kind === LETTERS) words.push(hash);
      add(hash);
      if (previous !== undefined) add(mix(Math.imul(previous, 31) ^ hash));
      previous = hash;
    });
    const times = buckets.map((bucket) => tally[bucket]!);
    for (const bucket of buckets) tally[bucket] = 0;
    return { buckets, times };
  });
  return { counts, words };
}
