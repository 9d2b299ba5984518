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
  /** Default name of the journal of its batch jobs: jobs of another store would be taken for its own. */
  readonly journal: string;
  close(): Promise<void>;
}

const DEFAULT_FILE = 'embeddings.db';

/** @throws `CliUsageError` where a file and a database are named. */
export async function openStore({ store, postgres, table, dryRun }: EmbedOptions): Promise<OpenedStore> {
  if (postgres === undefined) {
    if (table !== undefined) throw wrong('--table is for --postgres. Leave it out, or name a database');
    const { libsqlStore, memoryStore } = await import('@costkit/embeddings');
    const name = store ?? DEFAULT_FILE;
    const journal = `${name}.journal`;
    // What only looks makes no file.
    if (dryRun === true && !existsSync(name))
      return { sink: memoryStore(), name, journal, close: () => Promise.resolve() };
    if (dryRun !== true) await checkWritable(name);
    const sink = libsqlStore({ file: name });
    return {
      sink,
      name,
      journal,
      close: () => {
        sink.close();
        return Promise.resolve();
      },
    };
  }
  if (store !== undefined) throw wrong('--store and --postgres are two places. Choose one');
  const [{ Client, Pool }, { pgvectorStore }] = await Promise.all([
    import('pg'),
    import('@costkit/embeddings/pgvector'),
  ]);
  const config = postgres === true ? {} : { connectionString: postgres };
  const pool = new Pool(config);
  // A connection that breaks while nobody uses it is noticed by the next query.
  pool.on('error', () => undefined);
  const sink = pgvectorStore({ database: pool, ...(table === undefined ? {} : { table }) });
  const name = table ?? 'embeddings';
  // It connects to nothing: what it knows is where it would.
  const { host, port, database = '' } = new Client(config);
  const journal = `${[host, port, database, name]
    .join('-')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^-+/, '')}.journal`;
  return { sink, name, journal, close: () => pool.end() };
}

const wrong = (message: string): CliUsageError => new CliUsageError(message, 'COSTKIT_INVALID_OPTION');
