/**
 * A store for one process. Apart from the main entry, because an application with several has a store of its own.
 * @module
 */
import { checkOptions, isFunction, isPositiveInteger } from './options.js';
import type { Store } from './store.js';

export type { Store } from './store.js';

/** What {@link memoryStore} takes. */
export interface MemoryStoreOptions {
  /** Most entries held; the oldest is dropped first. @defaultValue 10_000 */
  readonly maxEntries?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

/**
 * A {@link Store} within this process.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * const store = memoryStore({ maxEntries: 500 });
 * await store.set('cap:support', '320', { ttlMs: 3_600_000 });
 * ```
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  checkOptions<MemoryStoreOptions>('core', options, { maxEntries: isPositiveInteger, now: isFunction });
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
