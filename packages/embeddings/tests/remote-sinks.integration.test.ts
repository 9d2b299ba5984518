import { S3VectorsClient } from '@aws-sdk/client-s3vectors';
import { Client } from '@opensearch-project/opensearch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryStore, syncEmbeddings } from '../src/index.js';
import { openSearchSink } from '../src/opensearch.js';
import { s3VectorsSink } from '../src/s3-vectors.js';
import { sinkContract } from '../src/testing.js';
import { aCorpus } from './a-corpus.js';
import { fakeTitan, TITAN } from './fake-titan.js';
import { serveOpenSearch } from './opensearch-server.js';
import { serveS3Vectors } from './s3-vectors-server.js';

type Served = Awaited<ReturnType<typeof serveS3Vectors>>;

let indexes = 0;
const freshName = (): string => {
  indexes += 1;
  return `index-${indexes}`;
};

/** What every sink that keeps no vectors of its own must do with an index beside it. */
async function staysInStep(sink: ReturnType<typeof s3VectorsSink>): Promise<void> {
  const { client, asked } = fakeTitan();
  const { index } = memoryStore();
  const options = { ...TITAN, client, sink, index };
  const first = await syncEmbeddings({ ...options, source: aCorpus(3) });
  const paid = asked.length;
  const moved = aCorpus(3).map((document) => ({ ...document, id: `moved/${document.id}` }));
  expect(await syncEmbeddings({ ...options, source: moved })).toMatchObject({
    reused: first.chunks,
    deleted: first.chunks,
    embedded: { calls: 0 },
  });
  expect(await syncEmbeddings({ ...options, source: moved })).toMatchObject({ unchanged: first.chunks });
  expect(asked.length).toBe(paid);
}

describe('s3VectorsSink', () => {
  let server: Served;
  let client: S3VectorsClient;
  beforeAll(async () => {
    server = await serveS3Vectors();
    client = new S3VectorsClient({
      endpoint: server.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
  });
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });
  const sink = (indexName = freshName()) => s3VectorsSink({ client, vectorBucketName: 'vectors', indexName });

  it.each(sinkContract({ open: () => sink(), mixedDimensions: false }))('$name', ({ run }) => run());
  it('stays in step', () => staysInStep(sink()));
  it('finds more than a page holds', async () => {
    const own = sink();
    await own.open({ model: 'a', dimensions: 2 });
    const place = { space: 's', document: 'd', position: 0, start: 0, hash: 'h', revision: 'r', text: 't' };
    const records = Array.from({ length: 230 }, (_, number) => ({
      ...place,
      id: `${number}`,
      vector: Float32Array.of(1, number),
    }));
    await own.upsert(records);
    const found = await own.query(Float32Array.of(1, 0), { space: 's', limit: 220 });
    expect(found.map(({ id }) => id)).toEqual(records.slice(0, 220).map(({ id }) => id));
  });
  it('refuses an index of another length', async () => {
    const own = sink();
    await own.open({ model: 'a', dimensions: 4 });
    await expect(own.open({ model: 'a', dimensions: 5 })).rejects.toMatchObject({
      code: 'COSTKIT_EMBEDDINGS_STORE_FAILED',
    });
  });
});

describe('openSearchSink', () => {
  let server: Served;
  let client: Client;
  beforeAll(async () => {
    server = await serveOpenSearch();
    client = new Client({ node: server.endpoint });
  });
  afterAll(async () => {
    await client.close();
    await server.stop();
  });
  const sink = (index = freshName()) => openSearchSink({ client, index });

  it.each(sinkContract({ open: () => sink(), mixedDimensions: false }))('$name', ({ run }) => run());
  it('stays in step', () => staysInStep(sink()));
  it('refuses an index of another length, and says when records are refused', async () => {
    const own = sink();
    await own.open({ model: 'a', dimensions: 4 });
    await expect(own.open({ model: 'a', dimensions: 5 })).rejects.toMatchObject({
      code: 'COSTKIT_EMBEDDINGS_STORE_FAILED',
    });
    const record = {
      id: 'a',
      space: 's',
      document: 'd',
      position: 0,
      start: 0,
      hash: 'h',
      revision: 'r',
      text: 't',
    };
    await expect(own.upsert([{ ...record, vector: Float32Array.of(1) }])).rejects.toThrow(
      /mapper_parsing_exception/,
    );
  });
});
