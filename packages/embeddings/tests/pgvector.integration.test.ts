import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite/vector';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PgvectorStoreOptions, pgvectorStore } from '../src/pgvector.js';
import { indexContract, sinkContract } from '../src/testing.js';

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create({ extensions: { vector } });
}, 60_000);
afterAll(() => database.close());

let tables = 0;
const store = (options: Partial<PgvectorStoreOptions> = {}) => {
  tables += 1;
  return pgvectorStore({ database, table: `store_${tables}`, ...options });
};

describe('pgvectorStore', () => {
  it.each(sinkContract({ open: () => store() }))('$name', ({ run }) => run());
  it.each(
    indexContract({
      open: async () => {
        const own = store({ exact: true });
        await own.open({ model: 'test.model', dimensions: 2 });
        return own.index;
      },
    }),
  )('index: $name', ({ run }) => run());

  it('refuses table names that are none', () => {
    expect(() => store({ table: 'a; drop table b' })).toThrow(/table/);
  });
});
