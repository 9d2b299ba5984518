import type { EmbeddingSpace } from './types.js';

/** Longest vector that an HNSW index takes in full precision, and in half (documentation of pgvector). */
const MOST_INDEXED = 2_000;
const MOST_INDEXED_HALF = 4_000;
/** Any number will do, as long as it is always the same: two processes that begin together take turns. */
const SETUP_LOCK = 2_027_112_801;

/** The tables of a store. */
export function tablesOf(table: string): {
  records: string;
  vectors: string;
  /** Vectors that no record uses, and when that was noticed. */
  unused: string;
  locks: string;
} {
  return {
    records: table,
    vectors: `${table}_vectors`,
    unused: `${table}_unused`,
    locks: `${table}_locks`,
  };
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Vectors of a space have one length, which an index must know. */
function typeOf({ dimensions }: EmbeddingSpace): string {
  return `${dimensions > MOST_INDEXED ? 'halfvec' : 'vector'}(${dimensions})`;
}

/** The cosine distance of the column `embedding` from a parameter, written as the index has it. */
export function distanceOf(space: EmbeddingSpace, parameter: string): string {
  return `(embedding::${typeOf(space)}) <=> ${parameter}::${typeOf(space)}`;
}

/**
 * One statement that makes what is missing.
 *
 * @param indexed - the space that gets an HNSW index.
 */
export function tableStatements(table: string, indexed: EmbeddingSpace | undefined): string {
  const { records, vectors, unused, locks } = tablesOf(table);
  const name = table.slice(table.indexOf('.') + 1);
  const statements = [
    `create extension if not exists vector`,
    `create table if not exists ${vectors} (
       space text not null, hash text not null, embedding vector not null, primary key (space, hash))`,
    `create table if not exists ${records} (
       id text primary key, space text not null, document text not null, position integer not null,
       start integer not null, hash text not null, revision text not null, text text not null, metadata jsonb)`,
    `create index if not exists ${name}_by_content on ${records} (space, hash)`,
    `create table if not exists ${unused} (
       space text not null, hash text not null, since bigint not null, primary key (space, hash))`,
    `create table if not exists ${locks} (name text primary key, owner text not null, until bigint not null)`,
  ];
  if (indexed !== undefined && indexed.dimensions <= MOST_INDEXED_HALF) {
    const type = typeOf(indexed);
    const space = `${indexed.model}/${indexed.dimensions}`;
    const suffix = space.replace(/\W+/g, '_').slice(-40);
    statements.push(
      `create index if not exists ${name.slice(0, 20)}_${suffix} on ${vectors}
         using hnsw ((embedding::${type}) ${type.split('(')[0]}_cosine_ops) where space = ${literal(space)}`,
    );
  }
  return `do $costkit$ begin
    perform pg_advisory_xact_lock(${SETUP_LOCK});
    ${statements.join(';\n    ')};
  end $costkit$`;
}
