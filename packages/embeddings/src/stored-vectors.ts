import { EmbeddingError } from './errors.js';
import { piecesOf } from './pieces-of.js';
import type { Vector, VectorStore } from './types.js';

/** The vectors of a store, which one model has made. */
export interface StoredVectors {
  /** The model and dimensions, as `parseSpaceKey` reads them. */
  readonly space: string;
  /** By the id of their chunk; chunks of the same text share theirs. */
  readonly vectors: ReadonlyMap<string, Vector>;
}

/** Hashes that are asked for at once. */
const HASHES = 1_000;

/**
 * The vectors of a store that `syncEmbeddings` has filled: to measure on your own what smaller ones would miss
 * (`measureRecall` of `@costkit/planner`). All of them are in memory: some ten thousand are no trouble.
 *
 * @throws {@link EmbeddingError} `COSTKIT_EMBEDDINGS_SOURCE_EMPTY` where the store holds none, `COSTKIT_EMBEDDINGS_MIGRATION`
 * where they are of several models, and cannot be compared.
 *
 * @example
 * ```ts
 * const { vectors } = await storedVectors(libsqlStore({ file: 'handbook.db' }));
 * const recall = measureRecall({ vectors: [...vectors.values()], queries, source: 'handbook.db' });
 * ```
 */
export async function storedVectors(
  store: Pick<VectorStore, 'name' | 'list' | 'index'>,
): Promise<StoredVectors> {
  const hashes = new Map<string, string>();
  const spaces = new Set<string>();
  for await (const { id, hash, space } of store.list()) {
    hashes.set(id, hash);
    spaces.add(space);
  }
  const [space] = spaces;
  if (space === undefined) {
    throw new EmbeddingError(
      'COSTKIT_EMBEDDINGS_SOURCE_EMPTY',
      `"${store.name}" holds no vectors. Fill it with syncEmbeddings`,
    );
  }
  if (spaces.size > 1) {
    throw new EmbeddingError(
      'COSTKIT_EMBEDDINGS_MIGRATION',
      `"${store.name}" holds vectors of ${[...spaces].sort().join(' and ')}, which cannot be compared. Finish the migration`,
    );
  }
  const byHash = new Map<string, Vector>();
  for (const piece of piecesOf([...new Set(hashes.values())], HASHES)) {
    for (const [hash, vector] of await store.index.get(space, piece)) byHash.set(hash, vector);
  }
  const vectors = new Map<string, Vector>();
  for (const [id, hash] of [...hashes].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const vector = byHash.get(hash);
    if (vector !== undefined) vectors.set(id, vector);
  }
  return { space, vectors };
}
