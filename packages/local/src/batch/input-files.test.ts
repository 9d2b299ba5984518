import { describe, expect, it } from 'vitest';
import { createKeyIndex } from '../s3/key-index.js';
import type { ObjectMetadata, ObjectStore } from '../s3/object-store.js';
import { S3Error } from '../s3/s3-error.js';
import { findInputFiles, parseS3Uri } from './input-files.js';

const storeWith = (keys: readonly string[]): ObjectStore => {
  const index = createKeyIndex();
  for (const key of keys) index.set({ key, size: key.length } as ObjectMetadata);
  return {
    head: async (_bucket: string, key: string) => {
      const object = index.get(key);
      if (object === undefined) throw new S3Error('NoSuchKey');
      return object;
    },
    list: async (_bucket: string, query: object) => index.list({ ...query, maxKeys: 2 }),
  } as unknown as ObjectStore;
};

describe('findInputFiles', () => {
  const store = storeWith([
    'in/a.jsonl',
    'in/b.jsonl',
    'in/c.txt',
    'in/d/e.jsonl',
    'in/f.jsonl',
    'in2.jsonl',
    'top.jsonl',
  ]);
  const find = async (key: string): Promise<string[]> =>
    (await findInputFiles(store, { bucket: 'bucket', key })).map(({ name }) => name);

  it('takes one file', async () => {
    expect(await find('in/b.jsonl')).toEqual(['b.jsonl']);
  });

  it('takes every JSONL file below a folder, over several pages', async () => {
    expect(await find('in/')).toEqual(['a.jsonl', 'b.jsonl', 'd/e.jsonl', 'f.jsonl']);
    expect(await find('in')).toEqual(await find('in/'));
    expect(await find('')).toHaveLength(6);
  });

  it('finds nothing where nothing is', async () => {
    expect(await find('missing.jsonl')).toEqual([]);
    expect(await find('in/c.txt')).toEqual([]);
  });
});

describe('parseS3Uri', () => {
  it.each([
    ['s3://bucket', 'bucket', ''],
    ['s3://bucket/', 'bucket', ''],
    ['s3://bucket/a/b.jsonl', 'bucket', 'a/b.jsonl'],
  ])('reads %s', (uri, bucket, key) => {
    expect(parseS3Uri(uri)).toEqual({ bucket, key });
  });
});
