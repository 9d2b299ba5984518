/** Words of 32 bits in a digest. */
const WORDS = 4;
const WORD_DIGITS = 8;
/** What `contentHash` writes. */
const DIGEST = /^[0-9a-f]{32}$/;
const FIRST_CAPACITY = 1024;
/** More than this share of a table is never in use: finding a place would take long. */
const MOST_FULL = 0.6;
const [FREE, HELD, TAKEN] = [0, 1, 2];

/** Digests with a digest each, in 60 to 120 bytes of memory where a `Map` of texts takes about 250. */
export interface DigestMap {
  set(key: string, value: string): void;
  /** The value of a key, which is taken from then on. */
  take(key: string): string | undefined;
  /** Keys that were not taken. */
  rest(): Iterable<string>;
  /** How many were not taken. */
  readonly size: number;
}

/** Digests, in 30 to 60 bytes of memory each. */
export interface DigestSet {
  /** @returns whether it is new. */
  add(key: string): boolean;
  has(key: string): boolean;
  readonly size: number;
}

/** Open addressing: a digest is as good as random, so its first word says where to look. */
function digestSlots(width: number) {
  let capacity = FIRST_CAPACITY;
  let words = new Uint32Array(capacity * width);
  let states = new Uint8Array(capacity);
  let used = 0;

  const isAt = (slot: number, digest: ArrayLike<number>): boolean => {
    for (let word = 0; word < WORDS; word += 1) {
      if (words[slot * width + word] !== digest[word]) return false;
    }
    return true;
  };
  const slotOf = (digest: ArrayLike<number>): number => {
    let slot = (digest[0] as number) & (capacity - 1);
    while (states[slot] !== FREE && !isAt(slot, digest)) slot = (slot + 1) & (capacity - 1);
    return slot;
  };
  const grow = (): void => {
    const [oldWords, oldStates] = [words, states];
    capacity *= 2;
    words = new Uint32Array(capacity * width);
    states = new Uint8Array(capacity);
    for (const [old, state] of oldStates.entries()) {
      if (state === FREE) continue;
      const entry = oldWords.subarray(old * width, (old + 1) * width);
      const slot = slotOf(entry);
      words.set(entry, slot * width);
      states[slot] = state;
    }
  };
  return {
    /** @returns where it is, or `-1`. */
    find: (digest: ArrayLike<number>): number => {
      const slot = slotOf(digest);
      return states[slot] === FREE ? -1 : slot;
    },
    /** Makes room where there is none. */
    claim: (digest: ArrayLike<number>): { readonly slot: number; readonly isNew: boolean } => {
      if (used + 1 > capacity * MOST_FULL) grow();
      const slot = slotOf(digest);
      const isNew = states[slot] === FREE;
      if (isNew) {
        words.set(digest, slot * width);
        states[slot] = HELD;
        used += 1;
      }
      return { slot, isNew };
    },
    stateOf: (slot: number): number => states[slot] as number,
    setState: (slot: number, state: number): void => {
      states[slot] = state;
    },
    write: (slot: number, offset: number, digest: ArrayLike<number>): void =>
      words.set(digest, slot * width + offset),
    read: (slot: number, offset: number): string =>
      Array.from(words.subarray(slot * width + offset, slot * width + offset + WORDS), (word) =>
        word.toString(16).padStart(WORD_DIGITS, '0'),
      ).join(''),
    *slots(): Generator<number> {
      for (let slot = 0; slot < capacity; slot += 1) if (states[slot] !== FREE) yield slot;
    },
    get used() {
      return used;
    },
  };
}

const digestOf = (text: string): number[] =>
  Array.from({ length: WORDS }, (_, word) =>
    Number.parseInt(text.slice(word * WORD_DIGITS, (word + 1) * WORD_DIGITS), 16),
  );

/** Makes an empty map. Keys and values that are no digests are taken too, and need more room. */
export function digestMap(): DigestMap {
  const slots = digestSlots(2 * WORDS);
  const others = new Map<string, string>();
  let taken = 0;
  return {
    set: (key, value) => {
      if (!DIGEST.test(key) || !DIGEST.test(value)) {
        others.set(key, value);
        return;
      }
      const { slot } = slots.claim(digestOf(key));
      slots.write(slot, WORDS, digestOf(value));
    },
    take: (key) => {
      const other = others.get(key);
      if (other !== undefined) {
        others.delete(key);
        return other;
      }
      const slot = DIGEST.test(key) ? slots.find(digestOf(key)) : -1;
      if (slot === -1 || slots.stateOf(slot) === TAKEN) return undefined;
      slots.setState(slot, TAKEN);
      taken += 1;
      return slots.read(slot, WORDS);
    },
    *rest() {
      yield* others.keys();
      for (const slot of slots.slots()) if (slots.stateOf(slot) === HELD) yield slots.read(slot, 0);
    },
    get size() {
      return others.size + slots.used - taken;
    },
  };
}

/** Makes an empty set of what `contentHash` writes. */
export function digestSet(): DigestSet {
  const slots = digestSlots(WORDS);
  return {
    add: (key) => slots.claim(digestOf(key)).isNew,
    has: (key) => slots.find(digestOf(key)) !== -1,
    get size() {
      return slots.used;
    },
  };
}
