import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { Money } from '@costkit/core';
import { startLocalBedrock } from '@costkit/local';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite/vector';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQueryEmbedder, syncEmbeddings } from '../src/index.js';
import { type PgvectorStoreOptions, pgvectorStore } from '../src/pgvector.js';
import { indexContract, sinkContract } from '../src/testing.js';
import { aCorpus } from './a-corpus.js';

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

describe('an edited corpus, through pgvector', () => {
  it('costs at most 1.2 % of all of it, when 1 % was edited and files have moved', async () => {
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
