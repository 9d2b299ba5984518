import { libsqlStore } from './libsql-store.js';
import type { SyncOptions } from './sync-options.js';
import type { EmbeddingIndex, VectorSink } from './types.js';

const DEFAULT_FILE = 'embeddings.db';

/** The stores that a sync works with; those that it opened itself are closed by it. */
export function defaultStore({ sink, index = sink?.index }: Pick<SyncOptions, 'sink' | 'index'>): {
  sink: VectorSink;
  index: EmbeddingIndex;
  close(): void;
} {
  if (sink !== undefined && index !== undefined) return { sink, index, close: () => undefined };
  const store = libsqlStore({ file: DEFAULT_FILE });
  return { sink: sink ?? store, index: index ?? store.index, close: () => store.close() };
}
