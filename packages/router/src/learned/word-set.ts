const BITS = 262_144;
const PROBES = 3;

/** A set of hashed words in 32 kB (a Bloom filter): never forgets one, and rarely remembers one it has not seen. */
export interface WordSet {
  readonly bytes: Uint8Array;
  add(hash: number): void;
  has(hash: number): boolean;
}

/** The size of a set's bytes. */
export const WORD_SET_BYTES: number = BITS / 8;

const place = (hash: number, probe: number): number =>
  (hash + Math.imul(probe, (hash >>> 15) | 1)) & (BITS - 1);

/** An empty set, or the one that these bytes hold. */
export function wordSet(bytes: Uint8Array = new Uint8Array(WORD_SET_BYTES)): WordSet {
  return {
    bytes,
    add(hash) {
      for (let probe = 0; probe < PROBES; probe += 1) {
        const bit = place(hash, probe);
        bytes[bit >> 3]! |= 1 << (bit & 7);
      }
    },
    has(hash) {
      for (let probe = 0; probe < PROBES; probe += 1) {
        const bit = place(hash, probe);
        if ((bytes[bit >> 3]! & (1 << (bit & 7))) === 0) return false;
      }
      return true;
    },
  };
}

/** Share of the words that the set knows; none are no words it knows. */
export function knownShare(set: WordSet, words: readonly number[]): number {
  if (words.length === 0) return 0;
  return words.reduce((known, hash) => known + (set.has(hash) ? 1 : 0), 0) / words.length;
}
