import { checkOptions, InvalidOptionError, isBoolean, isText, type OptionCheck } from '@costkit/core';
import { parseSpaceKey } from './embedding-space.js';
import { pgvectorIndex, vectorText } from './pgvector-index.js';
import { nearestStatement } from './pgvector-query.js';
import { tableStatements, tablesOf } from './pgvector-schema.js';
import { hasMethods } from './sync-options.js';
import type { SinkEntry, SinkMatch, VectorStore } from './types.js';

/** The part of a database client that is used: a `Pool` or `Client` of `pg`, or a PGlite. */
export interface PostgresClient {
  /** Runs one statement. */
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[] }>;
}

/** Where {@link pgvectorStore} keeps its records. */
export interface PgvectorStoreOptions {
  /** A `Pool` of `pg`, a connected `Client`, or a PGlite with the extension `vector`. */
  readonly database: PostgresClient;
  /** Name of the table, with its schema where that is not the first; others get an ending. @defaultValue `"embeddings"` */
  readonly table?: string;
  /** Compares with every record instead of following an HNSW index, which may miss some. @defaultValue `false` */
  readonly exact?: boolean;
}

/** Records listed at once. */
const PAGE = 5_000;
/** How many candidates an HNSW index looks at: its default, and what it takes at most (documentation of pgvector). */
const LEAST_SEARCHED = 40;
const MOST_SEARCHED = 1_000;

const isTableName: OptionCheck = (value) =>
  isText(value) ??
  (/^(?:[a-z_][a-z0-9_]{0,47}\.)?[a-z_][a-z0-9_]{0,47}$/.test(value as string)
    ? undefined
    : 'must be lower-case letters, digits and underscores, at most 48, with a schema and a dot before it or not');

/**
 * A vector store and index in PostgreSQL with the extension pgvector (0.5 or newer; 0.7 for vectors of more than 2,000
 * numbers). Records stand in the table, each vector once in `<table>_vectors`; several processes may work on them.
 *
 * @throws `InvalidOptionError` for options; its methods throw what the database client throws, as the same object.
 *
 * @example
 * ```ts
 * const sink = pgvectorStore({ database: new Pool({ connectionString }), table: 'handbook' });
 * ```
 */
export function pgvectorStore(options: PgvectorStoreOptions): VectorStore {
  checkOptions<PgvectorStoreOptions>('embeddings', options, {
    database: hasMethods('query'),
    table: isTableName,
    exact: isBoolean,
  });
  const { database, table = 'embeddings', exact = false } = options;
  if (database === undefined) throw new InvalidOptionError('embeddings', 'database', 'is missing');
  const { records } = tablesOf(table);
  const rowsOf = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await database.query(text, values)).rows as Row[];
  const index = pgvectorIndex(rowsOf, table);
  return {
    name: `pgvector ${table}`,
    open: async (space) => {
      await rowsOf(tableStatements(table, exact ? undefined : space));
    },
    list: async function* list() {
      let after = '';
      for (;;) {
        const page = await rowsOf<SinkEntry>(
          `select id, space, hash, revision from ${records} where id > $1 order by id limit ${PAGE}`,
          [after],
        );
        yield* page;
        after = page.at(-1)?.id ?? '';
        if (page.length < PAGE) return;
      }
    },
    upsert: async (given) => {
      for (const space of new Set(given.map((record) => record.space))) {
        const own = given.filter((record) => record.space === space);
        await index.put(space, new Map(own.map(({ hash, vector }) => [hash, vector])));
      }
      await rowsOf(
        `insert into ${records} (id, space, document, position, start, hash, revision, text, metadata)
         select * from jsonb_to_recordset($1::jsonb)
           as t(id text, space text, document text, position integer, start integer, hash text, revision text, text text, metadata jsonb)
         on conflict (id) do update set
           position = excluded.position, start = excluded.start, revision = excluded.revision, metadata = excluded.metadata`,
        [JSON.stringify(given.map(({ vector: _, ...record }) => record))],
      );
    },
    delete: async (ids) => {
      await rowsOf(`delete from ${records} where id in (select jsonb_array_elements_text($1::jsonb))`, [
        JSON.stringify(ids),
      ]);
    },
    query: async (vector, { space, limit }) => {
      const rows = await rowsOf<SinkMatch & { readonly metadata: SinkMatch['metadata'] | null }>(
        nearestStatement(table, parseSpaceKey(space)),
        [vectorText(vector), space, limit, Math.min(MOST_SEARCHED, Math.max(LEAST_SEARCHED, limit))],
      );
      return rows.map(({ metadata, ...match }) => ({
        ...match,
        score: Number(match.score),
        ...(metadata === null ? {} : { metadata: metadata as NonNullable<SinkMatch['metadata']> }),
      }));
    },
    index,
  };
}
