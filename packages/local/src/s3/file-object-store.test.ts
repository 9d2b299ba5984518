import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../clock.js';
import { openObjectStore } from './file-object-store.js';
import type { ObjectStore, PutOptions } from './object-store.js';
import type { UploadStore } from './upload-store.js';

let folder: string;
let store: ObjectStore & UploadStore;
const clock = createManualClock(1000);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costkit-store-'));
  store = await openObjectStore({ folder, clock });
  await store.createBucket('bucket');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const reopen = async (): Promise<void> => {
  store = await openObjectStore({ folder, clock });
};
const put = (key: string, text: string, options?: PutOptions) =>
  store.put('bucket', key, Buffer.from(text), options);
const read = async (key: string, chooseRange?: Parameters<ObjectStore['get']>[2]): Promise<string> => {
  const { body } = await store.get('bucket', key, chooseRange);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};
const files = (): Promise<string[]> => readdir(join(folder, 'bucket', 'objects'));

describe('openObjectStore', () => {
  it('keeps one file of bytes and one of metadata per object', async () => {
    await put('a', 'one');
    await put('a', 'two');
    await put('../../escape', 'inside');
    expect(await files()).toHaveLength(4);
    expect(await readdir(folder)).toEqual(['.process', 'bucket']);
    await store.delete('bucket', 'a');
    expect(await files()).toHaveLength(2);
  });

  it('finds everything again, uploads in parts included', async () => {
    await put('a', 'one', { headers: { 'content-type': 'text/plain' }, metadata: { owner: 'me' } });
    const before = await store.head('bucket', 'a');
    const { uploadId } = await store.createUpload('bucket', 'large');
    const { part } = await store.putPart('bucket', 'large', uploadId, 1, Buffer.from('part'));
    await reopen();
    expect(await store.head('bucket', 'a')).toEqual(before);
    expect(await read('a')).toBe('one');
    await store.completeUpload('bucket', 'large', uploadId, [part]);
    expect(await read('large')).toBe('part');
  });

  it('clears away what a crash left between bytes and metadata', async () => {
    await put('a', 'one');
    const kept = await files();
    const objects = join(folder, 'bucket', 'objects');
    await writeFile(join(objects, 'half.data'), 'half');
    await writeFile(join(objects, 'half.json.0.tmp'), '{"half":');
    await mkdir(join(folder, 'no-bucket'));
    await reopen();
    expect(await files()).toEqual(kept);
    expect((await store.listBuckets()).map(({ name }) => name)).toEqual(['bucket']);
  });

  it('stores nothing when the bytes stop coming, or are not what was said', async () => {
    await put('a', 'old');
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('new');
      throw new Error('the network broke');
    }
    await expect(store.put('bucket', 'a', breaking())).rejects.toThrow('the network broke');
    await expect(
      put('a', 'new', { checksumAlgorithm: 'CRC32', expectedChecksum: 'AAAAAA==' }),
    ).rejects.toMatchObject({
      code: 'BadDigest',
    });
    expect(await read('a')).toBe('old');
    expect(await files()).toHaveLength(2);
  });

  it('serves whole objects while they are replaced and deleted', async () => {
    const large = (letter: string): Buffer => Buffer.alloc(400_000, letter);
    await store.put('bucket', 'a', large('a'));
    const writes = (async () => {
      for (let round = 0; round < 20; round += 1)
        await store.put('bucket', 'a', large(round % 2 ? 'a' : 'b'));
    })();
    for (let round = 0; round < 40; round += 1) {
      const text = await read('a');
      expect(text).toHaveLength(400_000);
      expect(new Set(text).size).toBe(1);
    }
    await writes;
    expect(await files()).toHaveLength(2);
  });

  it('reads a range of the very object that it chose it for', async () => {
    await put('a', '0123456789');
    expect(await read('a', ({ size }) => ({ start: size - 2, end: size - 1 }))).toBe('89');
    await expect(
      store.get('bucket', 'a', () => {
        throw new Error('no such range');
      }),
    ).rejects.toThrow('no such range');
    const opened = await store.get('bucket', 'a');
    opened.close();
    await store.delete('bucket', 'a');
    await expect(store.get('bucket', 'a')).rejects.toMatchObject({ code: 'NoSuchKey' });
  });

  it('tells a conditional write that the object was deleted under it', async () => {
    const { etag } = await put('a', 'one');
    const gate = { open: (): void => {} };
    const opened = new Promise<void>((resolve) => {
      gate.open = resolve;
    });
    async function* slow(): AsyncGenerator<Uint8Array> {
      await opened;
      yield Buffer.from('two');
    }
    const write = store.put('bucket', 'a', slow(), { condition: { ifMatch: etag } });
    await store.delete('bucket', 'a');
    gate.open();
    await expect(write).rejects.toMatchObject({ code: 'ConditionalRequestConflict', status: 409 });
    // Without a condition the later write wins.
    await put('a', 'three');
    expect(await read('a')).toBe('three');
  });

  it('does not write into a bucket that went away meanwhile', async () => {
    const gate = { open: (): void => {} };
    const opened = new Promise<void>((resolve) => {
      gate.open = resolve;
    });
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('one');
      await opened;
    }
    const write = store.put('bucket', 'a', slow());
    await store.deleteBucket('bucket');
    await store.createBucket('bucket');
    gate.open();
    await expect(write).rejects.toMatchObject({ code: 'NoSuchBucket' });
    expect((await store.list('bucket')).contents).toEqual([]);
  });

  it.each(['ab', 'Upper', 'a..b', '1.2.3.4', '-a-', 'a'.repeat(64), 'a/b', '..'])(
    'takes no bucket named %s',
    async (name) => {
      await expect(store.createBucket(name)).rejects.toMatchObject({ code: 'InvalidBucketName' });
    },
  );

  it('says so when the bytes of an object were removed from its folder', async () => {
    await put('a', 'one');
    const objects = join(folder, 'bucket', 'objects');
    for (const name of await readdir(objects)) if (name.endsWith('.data')) await rm(join(objects, name));
    await expect(store.get('bucket', 'a')).rejects.toMatchObject({ code: 'InternalError', status: 500 });
  });

  it('refuses a folder that another process uses, and takes over from one that is gone', async () => {
    await writeFile(join(folder, '.process'), String(process.ppid));
    await expect(openObjectStore({ folder, clock })).rejects.toMatchObject({
      code: 'COSTKIT_INVALID_OPTION',
      message: expect.stringContaining(`process ${process.ppid}`),
    });
    // No system gives a process such a number.
    await writeFile(join(folder, '.process'), '99999999');
    await reopen();
    await writeFile(join(folder, '.process'), 'not a number');
    await reopen();
    expect((await store.listBuckets()).map(({ name }) => name)).toEqual(['bucket']);
  });

  it('takes keys of up to 1024 bytes', async () => {
    await put('ü'.repeat(512), 'fits');
    await expect(put('ü'.repeat(513), 'does not')).rejects.toMatchObject({ code: 'KeyTooLongError' });
  });

  it('creates a bucket once among many', async () => {
    const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => store.createBucket('another')));
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('keeps bytes of any kind', async () => {
    const bytes = randomBytes(100_000);
    const stored = await store.put('bucket', 'binary', bytes);
    expect(stored).toMatchObject({
      size: 100_000,
      lastModifiedMs: 1000,
      headers: { 'content-type': 'binary/octet-stream' },
    });
    const { body } = await store.get('bucket', 'binary');
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  });
});
