/**
 * Each vector once, however many records share it. A blob of 32-bit floats is what libSQL's vector functions take, of any
 * length.
 */
export const SCHEMA: readonly string[] = [
  `create table if not exists vectors (
    space text not null, hash text not null, vector blob not null, primary key (space, hash))`,
  `create table if not exists records (
    id text primary key, space text not null, document text not null, position integer not null,
    start integer not null, hash text not null, revision text not null, text text not null, metadata text)`,
  'create index if not exists records_by_content on records (space, hash)',
  // Vectors that no record uses, and when that was noticed.
  'create table if not exists unused (space text not null, hash text not null, since integer not null, primary key (space, hash))',
  'create table if not exists locks (name text primary key, owner text not null, until integer not null)',
];
