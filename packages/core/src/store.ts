/**
 * Shared state between processes: what a lever learned, what a budget spent. Values are text so that any
 * key-value server can hold them.
 */
export interface Store {
  /** The value, or `undefined` when there is none or its time is over. */
  get(key: string): Promise<string | undefined>;
  /** @param options.ttlMs - milliseconds until the value is gone. @defaultValue never */
  set(key: string, value: string, options?: { readonly ttlMs?: number }): Promise<void>;
  /** Removes the value, if there is one. */
  delete(key: string): Promise<void>;
}
