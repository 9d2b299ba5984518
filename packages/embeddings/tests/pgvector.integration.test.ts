import { setTimeout as delay } from 'node:timers/promises';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { Money } from '@costkit/core';
import { startLocalBedrock } from '@costkit/local';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite/vector';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../tools/vitest/postgres-server.js';
import { requireServer } from '../../../tools/vitest/servers.js';
import { createQueryEmbedder, spaceKey, syncEmbeddings } from '../src/index.js';
import { type PgvectorStoreOptions, type PostgresClient, pgvectorStore } from '../src/pgvector.js';
import { indexContract, sinkContract } from '../src/testing.js';
import { aCorpus } from './a-corpus.js';
import { comesBack } from './comes-back.js';
import { fakeTitan, TITAN } from './fake-titan.js';
import { keepsOddTexts } from './odd-texts.js';

/** A database that is there while the tests of a block run. */
interface Database {
  readonly client: PostgresClient;
  close(): Promise<void>;
}

const server = requireServer('pgvector', 'pgvectorStore on a PostgreSQL server');

async function openPool(): Promise<Database> {
  const postgres: PostgresServer = await startPostgres(server as NonNullable<typeof server>);
  const pool = new Pool(postgres.connection);
  return {
    client: pool,
    close: async () => {
      await pool.end();
      await postgres.stop();
    },
  };
}

async function openPglite(): Promise<Database> {
  const database = await PGlite.create({ extensions: { vector } });
  return { client: database, close: () => database.close() };
}

const DATABASES: [name: string, open: () => Promise<Database>][] = [['PGlite', openPglite]];
if (server !== undefined) DATABASES.push(['a PostgreSQL server', openPool]);
/** What says more about the sync than about the database runs on one of them: the server, which is much faster. */
const inUse = DATABASES.at(-1);

describe.each(DATABASES)('pgvectorStore on %s', (name, open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  }, 60_000);
  afterAll(() => database.close());

  let tables = 0;
  const store = (options: Partial<PgvectorStoreOptions> = {}) => {
    tables += 1;
    return pgvectorStore({ database: database.client, table: `store_${tables}`, ...options });
  };

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

  it('finds as many as it is asked for, and none that no record uses', async () => {
    const sink = store();
    const { model, dimensions } = { model: 'test.model', dimensions: 8 };
    const space = spaceKey({ model, dimensions });
    await sink.open({ model, dimensions });
    const place = { space, document: 'a.md', position: 0, start: 0, revision: 'first', text: 'a text' };
    await sink.upsert(
      Array.from({ length: 250 }, (__, number) => ({
        ...place,
        id: `${number}`,
        hash: `hash ${number}`,
        vector: Float32Array.from({ length: dimensions }, (___, axis) => Math.sin(number * (axis + 1))),
      })),
    );
    const asked = Float32Array.from({ length: dimensions }, () => 1);
    // More than an index looks at by itself.
    expect(await sink.query(asked, { space, limit: 200 })).toHaveLength(200);
    const [nearest] = await sink.query(asked, { space, limit: 1 });
    await sink.delete([nearest?.id ?? '']);
    const found = await sink.query(asked, { space, limit: 1 });
    expect(found).toHaveLength(1);
    expect(found[0]?.id).not.toBe(nearest?.id);
  });

  if (name !== inUse?.[0]) return;

  it('pays nothing for a document that comes back within a month', () => comesBack(store()));
  it('keeps texts with what no text should hold', () => keepsOddTexts(store()));

  it('lets two syncs take turns, however they name the table, and pays once', async () => {
    const { client, asked } = fakeTitan();
    const clock = {
      now: () => Date.now(),
      sleep: (_: number, signal?: AbortSignal) => delay(20, undefined, { signal }),
    };
    const reports = await Promise.all(
      ['turns', 'public.turns'].map((table) =>
        syncEmbeddings({ ...TITAN, client, clock, source: aCorpus(3), sink: store({ table }) }),
      ),
    );
    expect(reports.map(({ embedded }) => embedded.calls).sort()).toEqual([0, reports[0]?.chunks]);
    expect(asked).toHaveLength(reports[0]?.chunks ?? 0);
  });

  it('costs at most 1.2 % of all of it, where 1 % of a corpus was edited and files have moved', async () => {
    const bedrock = await startLocalBedrock({ tokenizer: { count: (text) => Math.ceil(text.length / 4) } });
    const client = new BedrockRuntimeClient(bedrock.clientConfig);
    const model = 'amazon.titan-embed-text-v2:0';
    const sink = store();
    const before = aCorpus(100, 12);
    // One document of a hundred is rewritten; every third file has moved.
    const after = before.map(({ id, text, ...rest }, index) => ({
      ...rest,
      id: index % 3 === 0 ? `moved/${id}` : id,
      text: index === 50 ? text.replaceAll('takes', 'needs') : text,
    }));
    const options = { client, model, dimensions: 256, sink };
    const whole = await syncEmbeddings({ ...options, source: before });
    const paid = bedrock.bill().total.picoUsd;
    const edited = await syncEmbeddings({ ...options, source: after });
    const anew = bedrock.bill().total.picoUsd - paid;
    expect(Number(anew) / Number(paid)).toBeLessThanOrEqual(0.012);
    expect(edited.embedded.cost?.equals(Money.fromPicoUsd(anew))).toBe(true);
    expect(whole.embedded.cost?.equals(Money.fromPicoUsd(paid))).toBe(true);
    const { embed, space } = createQueryEmbedder({ client, model, dimensions: 256 });
    const [found] = await sink.query(await embed('Rule 607 needs'), { space, limit: 1 });
    expect(found?.text).toContain('Rule 607 says');
    client.destroy();
    await bedrock.stop();
  }, 60_000);
});

describe('pgvectorStore', () => {
  it('refuses table names that are none', () => {
    const database = { query: () => Promise.resolve({ rows: [] }) };
    expect(() => pgvectorStore({ database, table: 'a; drop table b' })).toThrow(/table/);
  });
});
