import { afterEach, describe, expect, it, vi } from 'vitest';
import { openStore } from './embed-store.js';

const journalOf = async (options: { readonly postgres?: string | true; readonly table?: string }) => {
  const store = await openStore({ model: 'a', dryRun: true, ...options });
  await store.close();
  return store.journal;
};

describe('openStore', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('has a journal beside its file', async () => {
    expect(await journalOf({})).toBe('embeddings.db.journal');
  });

  it.each([
    [{ postgres: 'postgres://me:secret@db.example:6000/shop' }, 'db.example-6000-shop-embeddings.journal'],
    [{ postgres: 'postgres://me:secret@db.example/shop', table: 'a.b' }, 'db.example-5432-shop-a.b.journal'],
    [{ postgres: 'postgresql:///shop?host=/var/run' }, 'var-run-5432-shop-embeddings.journal'],
  ])('has a journal of its own for each database: %j', async (options, journal) => {
    expect(await journalOf(options)).toBe(journal);
  });

  it('knows the database of the environment', async () => {
    vi.stubEnv('PGHOST', '10.0.0.1');
    vi.stubEnv('PGUSER', 'me');
    expect(await journalOf({ postgres: true })).toBe('10.0.0.1-5432-me-embeddings.journal');
    vi.stubEnv('PGDATABASE', 'shop');
    expect(await journalOf({ postgres: true })).toBe('10.0.0.1-5432-shop-embeddings.journal');
  });
});
