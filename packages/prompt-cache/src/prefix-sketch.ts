/** Times are kept in tenths of a second: 32 bits then last for years. */
const TICK_MS = 100;

/** Which prefixes were seen lately, at every block: of fixed size, forgetful, and it holds no text. */
export interface PrefixSketch {
  /** Notes that a prefix was seen now. Milliseconds since the epoch of the time before, if any. */
  see(key: number, now: number): number | undefined;
  /** Notes that prefixes are seen now, and tells of each that was seen before, by at least a gap. */
  seeAll(
    keys: Float64Array,
    now: number,
    gapMs: number,
    seenBefore: (index: number, at: number) => void,
  ): void;
  /** Marks a prefix that the table has an entry of. */
  mark(key: number): void;
  isMarked(key: number): boolean;
}

/** @param slots - prefixes that are remembered, a power of two; a newer one takes the place of an older */
export function createPrefixSketch(slots: number): PrefixSketch {
  const mask = slots - 1;
  /** The upper half of a key, whose lowest bit is the mark. */
  const tags = new Uint32Array(slots);
  const ticks = new Uint32Array(slots);
  let startedAt: number | undefined;
  const slotOf = (key: number): number => (key | 0) & mask;
  const tagOf = (key: number): number => (((key / 0x20_0000) | 0) << 1) >>> 0;
  const holds = (slot: number, tag: number): boolean =>
    ticks[slot] !== 0 && ((tags[slot] as number) & ~1) >>> 0 === tag;

  const seeAll: PrefixSketch['seeAll'] = (keys, now, gapMs, seenBefore) => {
    startedAt ??= now;
    const tick = Math.max(1, Math.floor((now - startedAt) / TICK_MS) + 1);
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] as number;
      const slot = slotOf(key);
      const tag = tagOf(key);
      if (holds(slot, tag)) {
        const before = startedAt + ((ticks[slot] as number) - 1) * TICK_MS;
        if (now - before >= gapMs) seenBefore(index, before);
      } else tags[slot] = tag;
      ticks[slot] = tick;
    }
  };

  return {
    see: (key, now) => {
      let before: number | undefined;
      seeAll(Float64Array.of(key), now, Number.NEGATIVE_INFINITY, (_, at) => {
        before = at;
      });
      return before;
    },
    seeAll,
    mark: (key) => {
      const slot = slotOf(key);
      if (holds(slot, tagOf(key))) tags[slot] = (tags[slot] as number) | 1;
    },
    isMarked: (key) => {
      const slot = slotOf(key);
      return holds(slot, tagOf(key)) && ((tags[slot] as number) & 1) === 1;
    },
  };
}
