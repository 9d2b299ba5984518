import { existsSync } from 'node:fs';
import type { VectorStore } from '@costkit/embeddings';
import { CliUsageError } from '../cli-error.js';
import { checkWritable } from '../output-file.js';
import type { EmbedOptions } from './embed-options.js';

/** Where vectors are kept. */
export interface OpenedStore {
  readonly sink: VectorStore;
  /** For people; never with a password. */
  readonly name: string;
  close(): Promise<void>;
}

const DEFAULT_FILE = 'embeddings.db';

/** @throws `CliUsageError` where a file and a database are named. */
export async function openStore({ store, postgres, table, dryRun }: EmbedOptions): Promise<OpenedStore> {
  if (postgres === undefined) {
    if (table !== undefined) throw wrong('--table is for --postgres. Leave it out, or name a database');
    const { libsqlStore, memoryStore } = await import('@costkit/embeddings');
    const name = store ?? DEFAULT_FILE;
    // What only looks makes no file.
    if (dryRun === true && !existsSync(name))
      return { sink: memoryStore(), name, close: () => Promise.resolve() };
    if (dryRun !== true) await checkWritable(name);
    const sink = libsqlStore({ file: name });
    return {
      sink,
      name,
      close: () => {
        sink.close();
        return Promise.resolve();
      },
    };
  }
  if (store !== undefined) throw wrong('--store and --postgres are two places. Choose one');
  const [{ Pool }, { pgvectorStore }] = await Promise.all([
    import('pg'),
    import('@costkit/embeddings/pgvector'),
  ]);
  const pool = new Pool(postgres === true ? {} : { connectionString: postgres });
  // A connection that breaks while nobody uses it is noticed by the next query.
  pool.on('error', () => undefined);
  const sink = pgvectorStore({ database: pool, ...(table === undefined ? {} : { table }) });
  return { sink, name: table ?? 'embeddings', close: () => pool.end() };
}

const wrong = (message: string): CliUsageError => new CliUsageError(message, 'COSTKIT_INVALID_OPTION');
