import { resolve } from 'node:path';
import { checkOptions, InvalidOptionError, isNonNegativeNumber, isText } from '@costkit/core';
import type { OpenedFile } from './libsql-file.js';
import type { EmbeddingIndex, VectorStore } from './types.js';

/** Where {@link libsqlStore} keeps its records. */
export interface LibsqlStoreOptions {
  /** Path of the database file; it is made where there is none. */
  readonly file: string;
  /** How long a write waits for another process, in milliseconds. @defaultValue 30_000 */
  readonly busyMs?: number;
}

/** A store in a file. */
export interface LibsqlStore extends VectorStore {
  /** Closes the file. */
  close(): void;
}

/**
 * A vector store and index in one file, by libSQL: SQLite with vectors, which needs no server, survives a kill and is safe
 * for several processes. A query compares with every record: exact, and fast enough for some hundred thousand chunks.
 * Needs the package `@libsql/client`, which loads with the first use.
 *
 * @throws `InvalidOptionError` for options; its methods throw {@link EmbeddingError}
 * `COSTKIT_EMBEDDINGS_PACKAGE_MISSING` where the package is missing.
 *
 * @example
 * ```ts
 * const sink = libsqlStore({ file: 'handbook.db' });
 * ```
 */
export function libsqlStore(options: LibsqlStoreOptions): LibsqlStore {
  checkOptions<LibsqlStoreOptions>('embeddings', options, { file: isText, busyMs: isNonNegativeNumber });
  if (options.file === undefined) throw new InvalidOptionError('embeddings', 'file', 'is missing');
  const { file, busyMs = 30_000 } = options;
  let opening: Promise<OpenedFile> | undefined;
  // Loaded with the first use: a process may never come to it.
  const ready = (): Promise<OpenedFile> => {
    opening ??= import('./libsql-file.js').then(({ openFile }) => openFile(file, busyMs));
    return opening;
  };
  const index = async (): Promise<EmbeddingIndex> => (await ready()).index;
  return {
    // The same from every working directory: what was begun under it is gone on with.
    name: `libsql ${resolve(file)}`,
    open: async () => {
      await ready();
    },
    close: () => {
      // One that could not be opened needs no closing; who opened it was told.
      void opening?.then(
        (opened) => opened.close(),
        () => undefined,
      );
      opening = undefined;
    },
    list: async function* list() {
      yield* (await ready()).list();
    },
    upsert: async (records) => (await ready()).upsert(records),
    delete: async (ids) => (await ready()).delete(ids),
    query: async (vector, query) => (await ready()).query(vector, query),
    index: {
      get: async (...given) => (await index()).get(...given),
      has: async (...given) => (await index()).has(...given),
      put: async (...given) => (await index()).put(...given),
      lock: async (...given) => (await index()).lock(...given),
      unlock: async (...given) => (await index()).unlock(...given),
      dropUnused: async (lease) => (await index()).dropUnused?.(lease),
    },
  };
}
