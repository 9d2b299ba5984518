import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../src/clock.js';
import { openObjectStore } from '../src/s3/file-object-store.js';
import { type S3RoutesOptions, s3Routes } from '../src/s3/s3-routes.js';
import { serve, type TestServer } from './_serve.js';

const bucket = 'batches';
let folder: string;
let server: TestServer;
let client: S3Client;
let trouble: S3RoutesOptions['trouble'];

const start = async (): Promise<void> => {
  const store = await openObjectStore({
    folder,
    clock: createManualClock(Date.parse('2026-11-22T08:00:00Z')),
  });
  server = await serve(
    s3Routes({
      store,
      region: 'eu-west-1',
      accountId: '123456789012',
      trouble: (operation) => trouble?.(operation),
    }),
  );
  client = new S3Client({
    endpoint: server.endpoint,
    region: 'eu-west-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
};

beforeEach(async () => {
  trouble = undefined;
  folder = await mkdtemp(join(tmpdir(), 'costkit-s3-'));
  await start();
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
});

afterEach(async () => {
  client.destroy();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const put = (key: string, body: string | Uint8Array | Readable = 'content', more: object = {}) =>
  client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...more }));
const text = async (key: string, more: object = {}): Promise<string> => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...more }));
  return (await Body?.transformToString()) ?? '';
};
const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

describe('buckets', () => {
  it('creates, finds, lists and deletes them', async () => {
    await client.send(new CreateBucketCommand({ Bucket: 'another' }));
    const head = await client.send(new HeadBucketCommand({ Bucket: bucket }));
    expect(head.BucketRegion).toBe('eu-west-1');
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['another', bucket]);
    expect(Buckets?.[0]?.CreationDate).toEqual(new Date('2026-11-22T08:00:00Z'));
    const location = await client.send(new GetBucketLocationCommand({ Bucket: bucket }));
    expect(location.LocationConstraint).toBe('eu-west-1');
    await client.send(new DeleteBucketCommand({ Bucket: 'another' }));
    await expect(client.send(new HeadBucketCommand({ Bucket: 'another' }))).rejects.toMatchObject({
      name: 'NotFound',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('refuses what S3 refuses', async () => {
    await expect(client.send(new CreateBucketCommand({ Bucket: bucket }))).rejects.toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
      $metadata: { httpStatusCode: 409 },
    });
    await expect(client.send(new CreateBucketCommand({ Bucket: 'Not_A_Bucket' }))).rejects.toMatchObject({
      name: 'InvalidBucketName',
    });
    await put('left');
    await expect(client.send(new DeleteBucketCommand({ Bucket: bucket }))).rejects.toMatchObject({
      name: 'BucketNotEmpty',
    });
    await expect(client.send(new ListObjectsV2Command({ Bucket: 'missing' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
      message: 'The specified bucket does not exist',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(
      client.send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: '999999999999' })),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });
});

describe('objects', () => {
  it('gives back bytes, type and metadata', async () => {
    const bytes = randomBytes(300_000);
    const stored = await put('in/records.jsonl', bytes, {
      ContentType: 'application/jsonl',
      CacheControl: 'no-cache',
      Metadata: { job: 'nightly' },
    });
    expect(stored.ETag).toBe(`"${md5(bytes)}"`);
    const read = await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'in/records.jsonl' }));
    expect(Buffer.compare(Buffer.from((await read.Body?.transformToByteArray()) ?? []), bytes)).toBe(0);
    expect(read).toMatchObject({
      ContentType: 'application/jsonl',
      CacheControl: 'no-cache',
      ContentLength: bytes.byteLength,
      ETag: stored.ETag,
      Metadata: { job: 'nightly' },
      LastModified: new Date('2026-11-22T08:00:00Z'),
    });
    const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'in/records.jsonl' }));
    expect(head).toMatchObject({ ContentLength: bytes.byteLength, Metadata: { job: 'nightly' } });
  });

  it('keeps an empty object and any key', async () => {
    await put('empty', '', { ContentLength: 0 });
    expect(await text('empty')).toBe('');
    const keys = [
      'empty',
      '..',
      '../../etc/passwd',
      'a//b',
      'ü/😀/&<>"',
      "it's (here)!*",
      'space and+plus',
      'tab\tkey',
      '%2e',
    ];
    for (const key of keys.slice(1)) {
      await put(key, key);
      expect(await text(key)).toBe(key);
    }
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
    expect(new Set(Contents?.map(({ Key }) => Key))).toEqual(new Set(keys));
  });

  it('says which object is missing', async () => {
    await expect(text('none')).rejects.toMatchObject({
      name: 'NoSuchKey',
      message: 'The specified key does not exist.',
      Key: 'none',
    });
    await expect(client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'none' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    await expect(
      client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'none' })),
    ).resolves.toBeDefined();
  });

  it('reads ranges', async () => {
    await put('digits', '0123456789');
    expect(await text('digits', { Range: 'bytes=2-4' })).toBe('234');
    expect(await text('digits', { Range: 'bytes=7-' })).toBe('789');
    expect(await text('digits', { Range: 'bytes=-2' })).toBe('89');
    expect(await text('digits', { Range: 'bytes=5-900' })).toBe('56789');
    const partial = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: 'digits', Range: 'bytes=2-4' }),
    );
    expect(partial).toMatchObject({
      ContentRange: 'bytes 2-4/10',
      ContentLength: 3,
      $metadata: { httpStatusCode: 206 },
    });
    await partial.Body?.transformToString();
    await expect(text('digits', { Range: 'bytes=10-' })).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  it('copies with and without new metadata', async () => {
    await put('source key', 'to copy', { Metadata: { from: 'source' }, ContentType: 'text/plain' });
    const source = `${bucket}/${encodeURIComponent('source key')}`;
    const copy = await client.send(
      new CopyObjectCommand({ Bucket: bucket, Key: 'copy', CopySource: source }),
    );
    expect(copy.CopyObjectResult?.ETag).toBe(`"${md5(Buffer.from('to copy'))}"`);
    const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'copy' }));
    expect(head).toMatchObject({ Metadata: { from: 'source' }, ContentType: 'text/plain' });
    await client.send(
      new CopyObjectCommand({
        Bucket: bucket,
        Key: 'copy',
        CopySource: source,
        MetadataDirective: 'REPLACE',
        Metadata: { from: 'copy' },
      }),
    );
    expect((await client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'copy' }))).Metadata).toEqual({
      from: 'copy',
    });
    await expect(
      client.send(new CopyObjectCommand({ Bucket: bucket, Key: 'source key', CopySource: source })),
    ).rejects.toMatchObject({ name: 'InvalidRequest' });
    await expect(
      client.send(new CopyObjectCommand({ Bucket: bucket, Key: 'copy', CopySource: `${bucket}/nothing` })),
    ).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('deletes many at once and reports each', async () => {
    await put('one');
    await put('two & 2');
    const answer = await client.send(
      new DeleteObjectsCommand({
        Bucket: bucket,
        Delete: { Objects: [{ Key: 'one' }, { Key: 'two & 2' }, { Key: 'three' }] },
      }),
    );
    expect(answer.Deleted?.map(({ Key }) => Key)).toEqual(['one', 'two & 2', 'three']);
    expect((await client.send(new ListObjectsV2Command({ Bucket: bucket }))).KeyCount).toBe(0);
  });

  it('survives a restart, and clears away what a crash left', async () => {
    await put('kept', 'kept', { Metadata: { a: 'b' } });
    client.destroy();
    await server.stop();
    await start();
    expect(await text('kept')).toBe('kept');
    expect((await client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'kept' }))).Metadata).toEqual({
      a: 'b',
    });
  });
});

describe('checksums', () => {
  it('takes a stream of known length with its checksum in the trailer', async () => {
    const bytes = randomBytes(200_000);
    const stored = await put('streamed', Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)]), {
      ContentLength: bytes.byteLength,
    });
    expect(stored.ChecksumCRC32).toMatch(/^[\w+/]{6}==$/);
    const head = await client.send(
      new HeadObjectCommand({ Bucket: bucket, Key: 'streamed', ChecksumMode: 'ENABLED' }),
    );
    expect(head).toMatchObject({
      ChecksumCRC32: stored.ChecksumCRC32,
      ChecksumType: 'FULL_OBJECT',
    });
    expect(head).not.toHaveProperty('ContentEncoding');
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'streamed' }));
    expect(md5((await Body?.transformToByteArray()) ?? new Uint8Array())).toBe(md5(bytes));
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'verifies and answers %s',
    async (algorithm) => {
      const stored = await put('checked', 'some content', { ChecksumAlgorithm: algorithm });
      const value = stored[`Checksum${algorithm}`];
      expect(value).toBeDefined();
      const read = await client.send(
        new GetObjectCommand({ Bucket: bucket, Key: 'checked', ChecksumMode: 'ENABLED' }),
      );
      expect(read[`Checksum${algorithm}`]).toBe(value);
      // The SDK compares what it reads with that header.
      expect(await read.Body?.transformToString()).toBe('some content');
      await expect(put('wrong', 'other content', { [`Checksum${algorithm}`]: value })).rejects.toMatchObject({
        name: 'BadDigest',
        message: `The ${algorithm} you specified did not match the calculated checksum.`,
      });
      await expect(text('wrong')).rejects.toMatchObject({ name: 'NoSuchKey' });
    },
  );

  it('verifies Content-MD5', async () => {
    const digest = createHash('md5').update('right').digest('base64');
    await expect(put('md5', 'right', { ContentMD5: digest })).resolves.toBeDefined();
    await expect(put('md5', 'wrong', { ContentMD5: digest })).rejects.toMatchObject({ name: 'BadDigest' });
    await expect(put('md5', 'right', { ContentMD5: 'short' })).rejects.toMatchObject({
      name: 'InvalidDigest',
    });
    expect(await text('md5')).toBe('right');
  });

  it('computes CRC64NVME when the caller sends none', async () => {
    const plain = new S3Client({
      endpoint: server.endpoint,
      region: 'eu-west-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
    await plain.send(new PutObjectCommand({ Bucket: bucket, Key: 'plain', Body: '123456789' }));
    const head = await client.send(
      new HeadObjectCommand({ Bucket: bucket, Key: 'plain', ChecksumMode: 'ENABLED' }),
    );
    // The algorithm's published check value for the ASCII digits 1 to 9.
    expect(Buffer.from(head.ChecksumCRC64NVME ?? '', 'base64').toString('hex')).toBe('ae8b14860a799888');
    plain.destroy();
  });
});

describe('conditional requests', () => {
  it('writes only where nothing is, once among many', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => put('lock', `owner ${index}`, { IfNoneMatch: '*' })),
    );
    const winners = attempts.filter(({ status }) => status === 'fulfilled');
    expect(winners).toHaveLength(1);
    for (const attempt of attempts) {
      if (attempt.status === 'rejected') {
        expect(attempt.reason).toMatchObject({
          name: 'PreconditionFailed',
          $metadata: { httpStatusCode: 412 },
        });
      }
    }
    expect(await text('lock')).toBe(`owner ${attempts.findIndex(({ status }) => status === 'fulfilled')}`);
  });

  it('replaces only what is as expected', async () => {
    const first = await put('journal', '1');
    const second = await put('journal', '2', { IfMatch: first.ETag });
    await expect(put('journal', '3', { IfMatch: first.ETag })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    expect(await text('journal')).toBe('2');
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'journal' }));
    await expect(put('journal', '4', { IfMatch: second.ETag })).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('deletes only what is as expected', async () => {
    const { ETag } = await put('guarded', '1');
    await expect(
      client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'guarded', IfMatch: '"0000"' })),
    ).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'guarded', IfMatch: ETag }));
    await expect(text('guarded')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('answers a conflict when trouble asks for one', async () => {
    trouble = ({ name }) => (name === 'PutObject' ? 'ConditionalRequestConflict' : undefined);
    await expect(put('lock', '1', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'ConditionalRequestConflict',
      $metadata: { httpStatusCode: 409 },
    });
    trouble = () => 'SlowDown';
    await expect(put('lock')).rejects.toMatchObject({ name: 'SlowDown', $metadata: { httpStatusCode: 503 } });
  });

  it('reads by ETag and date', async () => {
    const { ETag } = await put('page', 'v1');
    expect(await text('page', { IfMatch: ETag })).toBe('v1');
    await expect(text('page', { IfMatch: '"0000"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(text('page', { IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    expect(await text('page', { IfNoneMatch: '"0000"' })).toBe('v1');
    await expect(text('page', { IfModifiedSince: new Date('2026-11-22T09:00:00Z') })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    expect(await text('page', { IfModifiedSince: new Date('2026-11-22T07:00:00Z') })).toBe('v1');
    await expect(text('page', { IfUnmodifiedSince: new Date('2026-11-22T07:00:00Z') })).rejects.toMatchObject(
      {
        name: 'PreconditionFailed',
      },
    );
  });
});

describe('listing', () => {
  beforeEach(async () => {
    for (const key of ['a/1', 'a/2', 'a/3/x', 'b', 'c/1', 'c/2']) await put(key);
  });

  it('pages through everything in order', async () => {
    const keys: (string | undefined)[] = [];
    let pages = 0;
    for await (const page of paginateListObjectsV2({ client, pageSize: 4 }, { Bucket: bucket })) {
      pages += 1;
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key));
    }
    expect(pages).toBe(2);
    expect(keys).toEqual(['a/1', 'a/2', 'a/3/x', 'b', 'c/1', 'c/2']);
  });

  it('folds keys at the delimiter, one page after another', async () => {
    const seen: (string | undefined)[] = [];
    for await (const page of paginateListObjectsV2(
      { client, pageSize: 1 },
      { Bucket: bucket, Delimiter: '/' },
    )) {
      expect((page.Contents?.length ?? 0) + (page.CommonPrefixes?.length ?? 0)).toBe(1);
      seen.push(
        ...(page.Contents ?? []).map(({ Key }) => Key),
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      );
    }
    expect(seen).toEqual(['a/', 'b', 'c/']);
    const inside = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: 'a/', Delimiter: '/' }),
    );
    expect(inside.Contents?.map(({ Key }) => Key)).toEqual(['a/1', 'a/2']);
    expect(inside.CommonPrefixes).toEqual([{ Prefix: 'a/3/' }]);
  });

  it('starts after a key, stops at max-keys and encodes on request', async () => {
    await put('d e&ü', 'x');
    const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, StartAfter: 'b', MaxKeys: 2 }));
    expect(page.Contents?.map(({ Key }) => Key)).toEqual(['c/1', 'c/2']);
    expect(page).toMatchObject({ IsTruncated: true, KeyCount: 2, StartAfter: 'b' });
    const none = await client.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 0 }));
    expect(none).toMatchObject({ IsTruncated: false, KeyCount: 0 });
    const encoded = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, StartAfter: 'd', EncodingType: 'url' }),
    );
    expect(encoded.Contents?.map(({ Key }) => Key)).toEqual(['d%20e%26%C3%BC']);
    const first = await client.send(new ListObjectsCommand({ Bucket: bucket, Marker: 'c', Prefix: 'c/' }));
    expect(first.Contents?.map(({ Key }) => Key)).toEqual(['c/1', 'c/2']);
    await expect(
      client.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: '***' })),
    ).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});

describe('uploads in parts', () => {
  const megabyte = 1024 * 1024;

  it('takes an upload of lib-storage', async () => {
    const bytes = randomBytes(12 * megabyte + 17);
    const parts = [
      bytes.subarray(0, 5 * megabyte),
      bytes.subarray(5 * megabyte, 10 * megabyte),
      bytes.subarray(10 * megabyte),
    ];
    const upload = new Upload({
      client,
      params: { Bucket: bucket, Key: 'large', Body: Readable.from(parts), ContentType: 'application/jsonl' },
    });
    const done = await upload.done();
    const digests = createHash('md5').update(
      Buffer.concat(parts.map((part) => createHash('md5').update(part).digest())),
    );
    expect(done.ETag).toBe(`"${digests.digest('hex')}-3"`);
    const read = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: 'large', ChecksumMode: 'ENABLED' }),
    );
    expect(read.ContentType).toBe('application/jsonl');
    expect(read.ChecksumCRC32).toMatch(/-3$/);
    expect(read.ChecksumType).toBe('COMPOSITE');
    expect(md5(Buffer.from((await read.Body?.transformToByteArray()) ?? []))).toBe(md5(bytes));
    const second = await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'large', PartNumber: 2 }));
    expect(second).toMatchObject({ PartsCount: 3, ContentLength: 5 * megabyte });
    expect(md5(Buffer.from((await second.Body?.transformToByteArray()) ?? []))).toBe(md5(parts[1] as Buffer));
    const attributes = await client.send(
      new GetObjectAttributesCommand({
        Bucket: bucket,
        Key: 'large',
        ObjectAttributes: ['ETag', 'ObjectParts', 'ObjectSize', 'Checksum'],
      }),
    );
    expect(attributes).toMatchObject({ ObjectSize: bytes.byteLength, ObjectParts: { TotalPartsCount: 3 } });
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads).toBeUndefined();
  });

  it('keeps a full-object checksum over all parts', async () => {
    const bytes = randomBytes(6 * megabyte);
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ Bucket: bucket, Key: 'whole', ChecksumAlgorithm: 'CRC64NVME' }),
    );
    const address = { Bucket: bucket, Key: 'whole', UploadId };
    const etags = [];
    for (const [index, part] of [bytes.subarray(0, 5 * megabyte), bytes.subarray(5 * megabyte)].entries()) {
      const { ETag } = await client.send(
        new UploadPartCommand({
          ...address,
          PartNumber: index * 3 + 1,
          Body: part,
          ChecksumAlgorithm: 'CRC64NVME',
        }),
      );
      etags.push({ ETag, PartNumber: index * 3 + 1 });
    }
    const listed = await client.send(new ListPartsCommand(address));
    expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 5 * megabyte],
      [4, megabyte],
    ]);
    expect(listed.Parts?.[0]?.ChecksumCRC64NVME).toBeDefined();
    const done = await client.send(
      new CompleteMultipartUploadCommand({ ...address, MultipartUpload: { Parts: etags } }),
    );
    const whole = await put('same', bytes, { ChecksumAlgorithm: 'CRC64NVME' });
    expect(done).toMatchObject({ ChecksumCRC64NVME: whole.ChecksumCRC64NVME, ChecksumType: 'FULL_OBJECT' });
  });

  it('refuses wrong, missing, unordered and small parts', async () => {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: 'odd' }));
    const address = { Bucket: bucket, Key: 'odd', UploadId };
    const one = await client.send(new UploadPartCommand({ ...address, PartNumber: 1, Body: 'small' }));
    const two = await client.send(new UploadPartCommand({ ...address, PartNumber: 2, Body: 'last' }));
    const complete = (Parts: object[]) =>
      client.send(new CompleteMultipartUploadCommand({ ...address, MultipartUpload: { Parts } }));
    await expect(complete([{ PartNumber: 1, ETag: '"00"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete([{ PartNumber: 7, ETag: one.ETag }])).rejects.toMatchObject({
      name: 'InvalidPart',
    });
    await expect(
      complete([
        { PartNumber: 2, ETag: two.ETag },
        { PartNumber: 1, ETag: one.ETag },
      ]),
    ).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(
      complete([
        { PartNumber: 1, ETag: one.ETag },
        { PartNumber: 2, ETag: two.ETag },
      ]),
    ).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete([{ PartNumber: 1, ETag: one.ETag }])).resolves.toMatchObject({ Key: 'odd' });
    expect(await text('odd')).toBe('small');
    await expect(complete([{ PartNumber: 1, ETag: one.ETag }])).rejects.toMatchObject({
      name: 'NoSuchUpload',
    });
  });

  it('copies a part, aborts, and completes only on its condition', async () => {
    await put('source', '0123456789');
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ Bucket: bucket, Key: 'target' }),
    );
    const address = { Bucket: bucket, Key: 'target', UploadId };
    const { CopyPartResult } = await client.send(
      new UploadPartCopyCommand({
        ...address,
        PartNumber: 1,
        CopySource: `${bucket}/source`,
        CopySourceRange: 'bytes=3-5',
      }),
    );
    await put('target', 'already');
    const complete = () =>
      client.send(
        new CompleteMultipartUploadCommand({
          ...address,
          IfNoneMatch: '*',
          MultipartUpload: { Parts: [{ PartNumber: 1, ETag: CopyPartResult?.ETag }] },
        }),
      );
    await expect(complete()).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'target' }));
    await complete();
    expect(await text('target')).toBe('345');
    const other = await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: 'aborted' }));
    const abandoned = { Bucket: bucket, Key: 'aborted', UploadId: other.UploadId };
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads?.[0]?.Key).toBe(
      'aborted',
    );
    await client.send(new AbortMultipartUploadCommand(abandoned));
    await expect(client.send(new ListPartsCommand(abandoned))).rejects.toMatchObject({
      name: 'NoSuchUpload',
    });
  });
});
