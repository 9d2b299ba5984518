import { tablesOf } from './pgvector-schema.js';
import type { EmbeddingIndex, Vector } from './types.js';

/** A vector as pgvector reads it. */
export const vectorText = (vector: Iterable<number>): string => `[${[...vector].join(',')}]`;

/** The index of a store in PostgreSQL. */
export function pgvectorIndex(
  rowsOf: <Row>(text: string, values?: unknown[]) => Promise<Row[]>,
  table: string,
): EmbeddingIndex {
  const { records, vectors, unused, locks } = tablesOf(table);
  const isUsed = (of: string): string =>
    `exists (select 1 from ${records} as used where used.space = ${of}.space and used.hash = ${of}.hash)`;
  const of = `from ${vectors} where space = $1 and hash in (select jsonb_array_elements_text($2::jsonb))`;
  return {
    get: async (space, hashes) => {
      const rows = await rowsOf<{ readonly hash: string; readonly embedding: string }>(
        `select hash, embedding::text as embedding ${of}`,
        [space, JSON.stringify(hashes)],
      );
      return new Map(
        rows.map(({ hash, embedding }) => [hash, Float32Array.from(JSON.parse(embedding) as number[])]),
      );
    },
    has: async (space, hashes) => {
      const rows = await rowsOf<{ readonly hash: string }>(`select hash ${of}`, [
        space,
        JSON.stringify(hashes),
      ]);
      return new Set(rows.map(({ hash }) => hash));
    },
    put: async (space: string, given: ReadonlyMap<string, Vector>) => {
      const rows = Array.from(given, ([hash, vector]) => ({ hash, embedding: vectorText(vector) }));
      await rowsOf(
        `insert into ${vectors} (space, hash, embedding)
         select $1, hash, embedding::vector from jsonb_to_recordset($2::jsonb) as t(hash text, embedding text)
         on conflict do nothing`,
        [space, JSON.stringify(rows)],
      );
    },
    lock: async (name, owner, { now, ttlMs }) => {
      const rows = await rowsOf(
        `insert into ${locks} as held (name, owner, until) values ($1, $2, $3)
         on conflict (name) do update set owner = $2, until = $3 where held.owner = $2 or held.until <= $4
         returning name`,
        [name, owner, now + ttlMs, now],
      );
      return rows.length > 0;
    },
    unlock: async (name, owner) => {
      await rowsOf(`delete from ${locks} where name = $1 and owner = $2`, [name, owner]);
    },
    dropUnused: async ({ now, keepMs }) => {
      await rowsOf(`delete from ${unused} as noticed where ${isUsed('noticed')}`);
      await rowsOf(
        `insert into ${unused} select space, hash, $1 from ${vectors} as own where not ${isUsed('own')}
         on conflict do nothing`,
        [now],
      );
      await rowsOf(
        `with dropped as (delete from ${unused} where since <= $1 returning space, hash)
         delete from ${vectors} as own using dropped where own.space = dropped.space and own.hash = dropped.hash`,
        [now - keepMs],
      );
    },
  };
}
