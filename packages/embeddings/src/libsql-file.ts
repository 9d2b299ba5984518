import type { Client, InStatement, InValue } from '@libsql/client';
import { EmbeddingError } from './errors.js';
import { SCHEMA } from './libsql-schema.js';
import { piecesOf } from './pieces-of.js';
import type { EmbeddingIndex, SinkEntry, SinkMatch, SinkRecord, Vector, VectorStore } from './types.js';

/** Names in one statement; SQLite takes 32,766. */
const NAMES = 1_000;
/** Records listed at once. */
const PAGE = 5_000;

/** A file that is open. */
export interface OpenedFile extends Omit<VectorStore, 'name' | 'open'> {
  close(): void;
}

/** @throws {@link EmbeddingError} `COSTKIT_EMBEDDINGS_PACKAGE_MISSING` */
export async function openFile(file: string, busyMs: number): Promise<OpenedFile> {
  const client = await connect(file, busyMs);
  const write = async (statements: InStatement[]): Promise<void> => {
    await client.batch(statements, 'write');
  };
  return {
    close: () => client.close(),
    list: () => listAll(client),
    upsert: (records) => write(records.flatMap(upsertRecord)),
    delete: (ids) =>
      write(
        piecesOf(ids, NAMES).map((names) => ({
          sql: `delete from records where id in (${marks(names)})`,
          args: names,
        })),
      ),
    query: async (vector, { space, limit }) => {
      const { rows } = await client.execute({ sql: NEAREST, args: [bytesOf(vector), space, limit] });
      return rows.map((row) => matchOf(row as Readonly<Record<string, unknown>>));
    },
    index: libsqlIndex(client, write),
  };
}

async function connect(file: string, busyMs: number): Promise<Client> {
  const { createClient } = await import('@libsql/client').catch((cause: unknown) => {
    throw new EmbeddingError(
      'COSTKIT_EMBEDDINGS_PACKAGE_MISSING',
      'the package @libsql/client is not installed. Install it, or give a "sink" and an "index" of your own',
      { cause },
    );
  });
  const client = createClient({ url: `file:${file}`, timeout: busyMs, concurrency: 1 });
  // Readers and a writer beside each other; what is committed survives the end of the process.
  await client.execute('pragma journal_mode = wal');
  await client.batch([...SCHEMA], 'write');
  return client;
}

const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');
const bytesOf = ({ buffer, byteOffset, byteLength }: Vector): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
const vectorOf = (bytes: unknown): Vector => new Float32Array(bytes as ArrayBuffer);

function upsertRecord(record: SinkRecord): InStatement[] {
  const { id, space, document, position, start, hash, revision, text, metadata } = record;
  return [
    {
      sql: 'insert into vectors (space, hash, vector) values (?, ?, ?) on conflict do nothing',
      args: [space, hash, bytesOf(record.vector)],
    },
    {
      sql: `insert or replace into records (id, space, document, position, start, hash, revision, text, metadata)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      args: [
        id,
        space,
        document,
        position,
        start,
        hash,
        revision,
        text,
        metadata === undefined ? null : JSON.stringify(metadata),
      ],
    },
  ];
}

const NEAREST = `
  select id, document, position, start, hash, text, metadata, 1 - distance as score
  from (select space, hash, vector_distance_cos(vector, ?1) as distance from vectors where space = ?2)
  join records using (space, hash) order by distance, id limit ?3`;

function matchOf(row: Readonly<Record<string, unknown>>): SinkMatch {
  const { id, document, position, start, hash, text, metadata, score } = row as unknown as SinkMatch;
  return {
    id,
    document,
    position,
    start,
    hash,
    text,
    score,
    ...(typeof metadata === 'string' ? { metadata: JSON.parse(metadata) } : {}),
  };
}

async function* listAll(client: Client): AsyncGenerator<SinkEntry> {
  let after = '';
  for (;;) {
    const { rows } = await client.execute({
      sql: 'select id, space, hash, revision from records where id > ? order by id limit ?',
      args: [after, PAGE],
    });
    for (const { id, space, hash, revision } of rows as unknown as SinkEntry[]) {
      yield { id, space, hash, revision };
      after = id;
    }
    if (rows.length < PAGE) return;
  }
}

function libsqlIndex(client: Client, write: (statements: InStatement[]) => Promise<void>): EmbeddingIndex {
  const select = async (columns: string, space: string, hashes: readonly string[]) => {
    const pieces: (readonly Readonly<Record<string, unknown>>[])[] = [];
    for (const names of piecesOf(hashes, NAMES)) {
      const args: InValue[] = [space, ...names];
      const { rows } = await client.execute({
        sql: `select ${columns} from vectors where space = ? and hash in (${marks(names)})`,
        args,
      });
      pieces.push(rows as unknown as readonly Readonly<Record<string, unknown>>[]);
    }
    return pieces.flat();
  };
  return {
    get: async (space, hashes) =>
      new Map(
        (await select('hash, vector', space, hashes)).map(({ hash, vector }) => [
          hash as string,
          vectorOf(vector),
        ]),
      ),
    has: async (space, hashes) =>
      new Set((await select('hash', space, hashes)).map(({ hash }) => hash as string)),
    put: (space, vectors) =>
      write(
        Array.from(vectors, ([hash, vector]) => ({
          sql: 'insert into vectors (space, hash, vector) values (?, ?, ?) on conflict do nothing',
          args: [space, hash, bytesOf(vector)],
        })),
      ),
    lock: async (name, owner, { now, ttlMs }) => {
      const { rowsAffected } = await client.execute({
        sql: `insert into locks (name, owner, until) values (?1, ?2, ?3)
              on conflict (name) do update set owner = ?2, until = ?3 where owner = ?2 or until <= ?4`,
        args: [name, owner, now + ttlMs, now],
      });
      return rowsAffected > 0;
    },
    unlock: (name, owner) =>
      write([{ sql: 'delete from locks where name = ? and owner = ?', args: [name, owner] }]),
    dropUnused: ({ now, keepMs }) =>
      write([
        `delete from unused where ${isUsed('unused')}`,
        {
          sql: `insert or ignore into unused select space, hash, ? from vectors where not ${isUsed('vectors')}`,
          args: [now],
        },
        {
          sql: `delete from vectors where exists (select 1 from unused
                  where unused.space = vectors.space and unused.hash = vectors.hash and unused.since <= ?)`,
          args: [now - keepMs],
        },
        { sql: 'delete from unused where since <= ?', args: [now - keepMs] },
      ]),
  };
}

const isUsed = (table: string): string =>
  `exists (select 1 from records where records.space = ${table}.space and records.hash = ${table}.hash)`;
