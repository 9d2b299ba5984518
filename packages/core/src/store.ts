/**
 * Shared state between processes: what a lever learned, what a budget spent. Values are text so that any
 * key-value server can hold them.
 */
export interface Store {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, options?: { readonly ttlMs?: number }): Promise<void>;
  delete(key: string): Promise<void>;
}

/** What {@link memoryStore} takes. */
export interface MemoryStoreOptions {
  /** Most entries held; the oldest is dropped first. @defaultValue 10_000 */
  readonly maxEntries?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

/** A {@link Store} within this process. */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  const { maxEntries = 10_000, now = Date.now } = options;
  const entries = new Map<string, { readonly value: string; readonly expiresAt: number }>();
  return {
    get: (key) => {
      const entry = entries.get(key);
      if (entry === undefined) return Promise.resolve(undefined);
      if (entry.expiresAt > now()) return Promise.resolve(entry.value);
      entries.delete(key);
      return Promise.resolve(undefined);
    },
    set: (key, value, { ttlMs = Number.POSITIVE_INFINITY } = {}) => {
      entries.delete(key);
      entries.set(key, { value, expiresAt: now() + ttlMs });
      if (entries.size > maxEntries) entries.delete(entries.keys().next().value as string);
      return Promise.resolve();
    },
    delete: (key) => {
      entries.delete(key);
      return Promise.resolve();
    },
  };
}
