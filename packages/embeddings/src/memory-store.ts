import { cosine } from './cosine.js';
import type { EmbeddingIndex, SinkRecord, Vector, VectorStore } from './types.js';

/**
 * A store within this process, for tests and for trying out: it compares with every record.
 *
 * @example
 * ```ts
 * await syncEmbeddings({ client, model: 'amazon.titan-embed-text-v2:0', source, sink: memoryStore() });
 * ```
 */
export function memoryStore(): VectorStore {
  const records = new Map<string, SinkRecord>();
  return {
    name: 'memory',
    open: () => Promise.resolve(),
    list: async function* list() {
      for (const { id, space, hash, revision } of [...records.values()]) yield { id, space, hash, revision };
    },
    upsert: (given) => {
      for (const record of given) records.set(record.id, record);
      return Promise.resolve();
    },
    delete: (ids) => {
      for (const id of ids) records.delete(id);
      return Promise.resolve();
    },
    query: (vector, { space, limit }) =>
      Promise.resolve(
        [...records.values()]
          .filter((record) => record.space === space)
          .map(({ vector: own, revision: _, space: __, ...match }) => ({
            ...match,
            score: cosine(vector, own),
          }))
          .sort((one, other) => other.score - one.score)
          .slice(0, limit),
      ),
    index: memoryIndex(() => records.values()),
  };
}

function memoryIndex(recordsOf: () => Iterable<SinkRecord>): EmbeddingIndex {
  const vectors = new Map<string, Vector>();
  const unusedSince = new Map<string, number>();
  const locks = new Map<string, { readonly owner: string; readonly until: number }>();
  const keyOf = (space: string, hash: string): string => `${space} ${hash}`;
  return {
    get: (space, hashes) =>
      Promise.resolve(
        new Map(
          hashes.flatMap((hash) => {
            const vector = vectors.get(keyOf(space, hash));
            return vector === undefined ? [] : [[hash, vector] as const];
          }),
        ),
      ),
    has: (space, hashes) =>
      Promise.resolve(new Set(hashes.filter((hash) => vectors.has(keyOf(space, hash))))),
    put: (space, given) => {
      for (const [hash, vector] of given) vectors.set(keyOf(space, hash), vector);
      return Promise.resolve();
    },
    lock: (name, owner, { now, ttlMs }) => {
      const held = locks.get(name);
      const isFree = held === undefined || held.owner === owner || held.until <= now;
      if (isFree) locks.set(name, { owner, until: now + ttlMs });
      return Promise.resolve(isFree);
    },
    unlock: (name, owner) => {
      if (locks.get(name)?.owner === owner) locks.delete(name);
      return Promise.resolve();
    },
    dropUnused: ({ now, keepMs }) => {
      const used = new Set(Array.from(recordsOf(), ({ space, hash }) => keyOf(space, hash)));
      for (const key of vectors.keys()) {
        if (used.has(key)) {
          unusedSince.delete(key);
          continue;
        }
        const since = unusedSince.get(key) ?? now;
        unusedSince.set(key, since);
        if (now - since < keepMs) continue;
        vectors.delete(key);
        unusedSince.delete(key);
      }
      return Promise.resolve();
    },
  };
}
