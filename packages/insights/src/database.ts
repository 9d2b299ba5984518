import { join } from 'node:path';
import { temporaryFolder } from '@costkit/core/temporary-folder';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { aboutSource } from './errors.js';

/** A row as DuckDB answers it. */
type Row = Readonly<Record<string, unknown>>;

/** The database of one analysis: what does not fit into memory goes to a folder, and is gone afterwards. */
export interface Database {
  /** Folder for files of this analysis; deleted by `close`. */
  readonly folder: string;
  /** Runs statements whose answers do not matter. */
  run(sql: string): Promise<void>;
  /** Rows of a query. */
  all<T extends object = Row>(sql: string): Promise<readonly T[]>;
  close(): Promise<void>;
}

async function connectIn(
  folder: string,
  memoryMb: number,
  threads: number | undefined,
): Promise<readonly [DuckDBInstance, DuckDBConnection]> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryMb}MB`,
    temp_directory: join(folder, 'spill'),
    // What is analysed is files that were named; nothing is fetched, and no extension is installed.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(threads === undefined ? {} : { threads: String(threads) }),
  });
  try {
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'; SET preserve_insertion_order = false");
    return [instance, connection];
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** Opens an empty database. DuckDB is loaded here and nowhere else: it takes a third of a second and 100 MB. */
export async function openDatabase(memoryMb: number, threads: number | undefined): Promise<Database> {
  const folder = await temporaryFolder();
  const refuse = (error: unknown): never => {
    throw aboutSource(error);
  };
  const [instance, connection] = await connectIn(folder.path, memoryMb, threads).catch(
    async (error: unknown) => {
      await folder.remove();
      return refuse(error);
    },
  );
  return {
    folder: folder.path,
    run: async (sql) => {
      await connection.run(sql).catch(refuse);
    },
    all: async <T extends object>(sql: string) => {
      const reader = await connection.runAndReadAll(sql).catch(refuse);
      return reader.getRowObjectsJS() as unknown as readonly T[];
    },
    close: async () => {
      connection.closeSync();
      instance.closeSync();
      await folder.remove();
    },
  };
}

/** A text as a literal of SQL. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A list of texts as a literal of SQL. */
export const sqlTexts = (texts: readonly string[]): string => `[${texts.map(sqlText).join(', ')}]`;
