/** A map that, once it is full, forgets what was used least recently. */
export interface BoundedMap<K, V> {
  readonly size: number;
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  /** What it holds now. */
  entries(): Iterable<readonly [K, V]>;
}

/** Makes a map of at most `maxEntries`. */
export function boundedMap<K, V>(maxEntries: number): BoundedMap<K, V> {
  const entries = new Map<K, V>();
  return {
    get size(): number {
      return entries.size;
    },
    get: (key) => {
      const value = entries.get(key);
      // Until something must be forgotten, what is used when says nothing, and every call asks.
      if (value === undefined || entries.size < maxEntries) return value;
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    entries: () => [...entries],
    set: (key, value) => {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size > maxEntries) entries.delete(entries.keys().next().value as K);
    },
  };
}
