import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoDbJournal, fileJournal, type JournalEntry, s3Journal } from '../src/index.js';
import { journalContract } from '../src/testing.js';
import { type LocalDynamoDb, startDynamoDb } from './local-dynamodb.js';

const ENTRY: JournalEntry = { step: 'creating', batch: 'one', token: 'a' };

describe('fileJournal', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'costkit-journal-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  it.each(journalContract({ open: (name) => fileJournal(join(folder, name)) }))('$name', ({ run }) => run());
});

describe('s3Journal', () => {
  let bedrock: LocalBedrock;
  let s3: S3Client;
  beforeAll(async () => {
    bedrock = await startLocalBedrock({ buckets: ['journals'] });
    s3 = new S3Client(bedrock.s3ClientConfig);
  });
  afterAll(async () => {
    s3.destroy();
    await bedrock.stop();
  });
  const open = (name: string) => s3Journal({ s3, bucket: 'journals', prefix: `batches/${name}` });
  it.each(journalContract({ open }))('$name', ({ run }) => run());

  it('takes an entry for its own whose answer got lost, when the SDK sends it again', async () => {
    let puts = 0;
    const forgetful = {
      config: s3.config,
      send: async (command: object) => {
        const answer = await s3.send(command as never);
        if (!(command instanceof PutObjectCommand)) return answer;
        puts += 1;
        return s3.send(command);
      },
    };
    const journal = s3Journal({ s3: forgetful, bucket: 'journals', prefix: 'lost' });
    await journal.append(ENTRY);
    expect(puts).toBe(1);
    expect(await journal.entries()).toEqual([ENTRY]);
  });

  it('names the entry that is broken', async () => {
    await open('broken').append(ENTRY);
    const Key = 'batches/broken/00000002.json';
    await s3.send(new PutObjectCommand({ Bucket: 'journals', Key, Body: '{"step":"sta' }));
    await expect(open('broken').entries()).rejects.toMatchObject({
      code: 'COSTKIT_BATCH_JOURNAL_INVALID',
      message: expect.stringContaining('entry 2'),
    });
  });

  it('takes none of the entries of a journal in a folder of its own', async () => {
    const [outer, inner] = [open('outer'), open('outer/inner')];
    await inner.append(ENTRY);
    await outer.append({ ...ENTRY, batch: 'two' });
    expect(await open('outer').entries()).toEqual([{ ...ENTRY, batch: 'two' }]);
    await outer.append(ENTRY);
    expect(await open('outer').entries()).toHaveLength(2);
  });

  it('passes on what S3 says, as the same object', async () => {
    const journal = s3Journal({ s3, bucket: 'nowhere', prefix: 'x' });
    await expect(journal.append(ENTRY)).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it.each([
    ['bucket', { prefix: 'x' }],
    ['prefix', { bucket: 'x', prefix: '' }],
    ['nonsense', { bucket: 'x', prefix: 'x', nonsense: 1 }],
  ])('says what is wrong with %s', (name, options) => {
    expect(() => s3Journal({ s3, ...options } as never)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION', message: expect.stringContaining(name) }),
    );
  });
});

describe('dynamoDbJournal', () => {
  let server: LocalDynamoDb;
  beforeAll(async () => {
    server = await startDynamoDb('costkit');
  });
  afterAll(() => server.stop());
  const open = (name: string) => dynamoDbJournal({ client: server.client, tableName: 'costkit', name });
  it.each(journalContract({ open }))('$name', ({ run }) => run());

  it('reads more entries than one page holds', async () => {
    const journal = open('long');
    const entries = Array.from({ length: 205 }, (_, index) => ({ ...ENTRY, token: `t${index}` }));
    for (const entry of entries) await journal.append(entry);
    expect(await open('long').entries()).toEqual(entries);
  });

  it('says what is wrong with its options', () => {
    const { client } = server;
    expect(() => dynamoDbJournal({ client, tableName: '', name: 'x' })).toThrow(/tableName/);
    expect(() => dynamoDbJournal({ client, tableName: 'x' } as never)).toThrow(/name/);
  });
});
