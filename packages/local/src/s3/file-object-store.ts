import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalClock } from '../contract.js';
import { readJson, removeUnknownFiles, writeBytes, writeJson } from './_files.js';
import { claimFolder } from './claim-folder.js';
import { createFileUploads } from './file-uploads.js';
import { createKeyIndex, type KeyIndex } from './key-index.js';
import { createKeyLocks, type KeyLocks } from './key-locks.js';
import type {
  Bucket,
  ByteRange,
  ObjectMetadata,
  ObjectStore,
  PutOptions,
  StoredObject,
  WriteCondition,
} from './object-store.js';
import { S3Error } from './s3-error.js';
import type { UploadStore } from './upload-store.js';

/** Options of {@link openObjectStore}. */
export interface ObjectStoreOptions {
  /** Folder for the data, created when missing. What an earlier store left in it is served again. */
  readonly folder: string;
  /** Gives objects and buckets their dates. */
  readonly clock: LocalClock;
}

/** What an object's metadata file holds: its metadata, and which file holds its bytes. */
interface ObjectRecord extends ObjectMetadata {
  readonly dataFile: string;
}

interface OpenBucket {
  readonly bucket: Bucket;
  readonly folder: string;
  readonly index: KeyIndex;
  readonly dataFiles: Map<string, string>;
  readonly locks: KeyLocks;
}

/** Longest key, in UTF-8 bytes [Amazon S3 user guide, object keys]. */
const MAX_KEY_BYTES = 1024;
const BUCKET_NAME = /^(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const DEFAULT_HEADERS = { 'content-type': 'binary/octet-stream' } as const;

/**
 * Opens a store of objects in a folder, for one process at a time.
 *
 * The bytes of an object go to a new file first; the rename of its metadata file is the moment at which it
 * exists. A crash in between leaves the older object as it was, and the next start clears the remains away.
 * Names of files are hashes of keys, so that no key can point outside of the folder.
 *
 * @throws LocalBedrockError `COSTKIT_INVALID_OPTION` when another process uses the folder
 *
 * @example
 * ```ts
 * const store = await openObjectStore({ folder: './data', clock });
 * await store.createBucket('batches');
 * await store.put('batches', 'in/records.jsonl', Buffer.from('{}\n'));
 * ```
 */
export const openObjectStore = async ({
  folder,
  clock,
}: ObjectStoreOptions): Promise<ObjectStore & UploadStore> => {
  await mkdir(folder, { recursive: true });
  await claimFolder(folder);
  const buckets = new Map<string, OpenBucket>();
  const bucketLocks = createKeyLocks();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || !BUCKET_NAME.test(entry.name)) continue;
    const opened = await openBucket(join(folder, entry.name));
    if (opened !== undefined) buckets.set(entry.name, opened);
  }

  const bucketOf = (name: string): OpenBucket => {
    const opened = buckets.get(name);
    if (opened === undefined) throw new S3Error('NoSuchBucket', { details: { BucketName: name } });
    return opened;
  };
  const metadataOf = (name: string, key: string): ObjectMetadata => {
    const metadata = bucketOf(name).index.get(key);
    if (metadata === undefined) throw new S3Error('NoSuchKey', { details: { Key: key } });
    return metadata;
  };

  /** Writes bytes into a new file and then, in one step, makes them the object of that key. */
  const replace = async (
    name: string,
    key: string,
    condition: WriteCondition | undefined,
    write: (path: string) => Promise<Omit<ObjectMetadata, 'key' | 'lastModifiedMs'>>,
  ): Promise<ObjectMetadata> => {
    const opened = bucketOf(name);
    checkKey(key);
    const ticket = condition === undefined ? undefined : opened.locks.open(key);
    const check = (): void => {
      if (ticket?.deletedMeanwhile)
        throw new S3Error('ConditionalRequestConflict', { details: { Key: key } });
      if (condition !== undefined) checkCondition(opened.index.get(key), condition);
    };
    const dataFile = `${hashOf(key)}.${randomUUID()}.data`;
    const path = join(opened.folder, 'objects', dataFile);
    try {
      check();
      const written = await write(path);
      return await opened.locks.run(key, async () => {
        if (buckets.get(name) !== opened)
          throw new S3Error('NoSuchBucket', { details: { BucketName: name } });
        check();
        const metadata: ObjectMetadata = { key, ...written, lastModifiedMs: clock.now() };
        const record: ObjectRecord = { ...metadata, dataFile };
        await writeJson(metadataPath(opened, key), record);
        const replaced = opened.dataFiles.get(key);
        opened.index.set(metadata);
        opened.dataFiles.set(key, dataFile);
        if (replaced !== undefined) await rm(join(opened.folder, 'objects', replaced), { force: true });
        return metadata;
      });
    } catch (error) {
      if (opened.dataFiles.get(key) !== dataFile) await rm(path, { force: true });
      throw error;
    } finally {
      ticket?.close();
    }
  };

  const store: ObjectStore = {
    createBucket: async (name) => {
      if (!BUCKET_NAME.test(name)) throw new S3Error('InvalidBucketName', { details: { BucketName: name } });
      await bucketLocks.run(name, async () => {
        if (buckets.has(name))
          throw new S3Error('BucketAlreadyOwnedByYou', { details: { BucketName: name } });
        const opened = newBucket({ name, createdMs: clock.now() }, join(folder, name));
        await mkdir(join(opened.folder, 'objects'), { recursive: true });
        await writeJson(join(opened.folder, 'bucket.json'), opened.bucket);
        buckets.set(name, opened);
      });
    },
    deleteBucket: async (name) => {
      await bucketLocks.run(name, async () => {
        const opened = bucketOf(name);
        if (opened.index.size > 0) throw new S3Error('BucketNotEmpty', { details: { BucketName: name } });
        buckets.delete(name);
        await rm(opened.folder, { recursive: true, force: true });
      });
    },
    listBuckets: async () =>
      [...buckets.values()]
        .map(({ bucket }) => bucket)
        .sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0)),
    hasBucket: async (name) => buckets.has(name),
    head: async (name, key) => metadataOf(name, key),
    list: async (name, query) => bucketOf(name).index.list(query),

    put: async (name, key, body, options = {}) =>
      replace(name, key, options.condition, async (path) => {
        const algorithm = options.checksumAlgorithm ?? 'CRC64NVME';
        const written = await writeBytes(path, body, algorithm);
        checkDigests(written, options);
        return {
          size: written.size,
          etag: written.md5.toString('hex'),
          headers: options.headers ?? DEFAULT_HEADERS,
          metadata: options.metadata ?? {},
          checksum: { algorithm, value: written.checksum, type: 'FULL_OBJECT' },
        };
      }),

    get: async (name, key, chooseRange) => {
      for (;;) {
        const metadata = metadataOf(name, key);
        const opened = bucketOf(name);
        const dataFile = opened.dataFiles.get(key) as string;
        const handle = await open(join(opened.folder, 'objects', dataFile)).catch(ignoreMissing);
        if (handle !== undefined) return openedObject(metadata, handle, chooseRange);
        // Replaced between the look into the index and the opening: the newer object is the one to serve.
        if (opened.dataFiles.get(key) !== dataFile) continue;
        throw new S3Error('InternalError', {
          message: 'The bytes of the object are gone from the data folder.',
        });
      }
    },

    delete: async (name, key, condition) => {
      const opened = bucketOf(name);
      await opened.locks.run(key, async () => {
        const metadata = opened.index.get(key);
        if (condition?.ifMatch !== undefined) checkCondition(metadata, { ifMatch: condition.ifMatch });
        if (metadata === undefined) return;
        const dataFile = opened.dataFiles.get(key) as string;
        await rm(metadataPath(opened, key), { force: true });
        opened.index.delete(key);
        opened.dataFiles.delete(key);
        opened.locks.markDeleted(key);
        await rm(join(opened.folder, 'objects', dataFile), { force: true });
      });
    },
  };

  const uploads = createFileUploads({
    clock,
    uploadsFolder: (name) => join(bucketOf(name).folder, 'uploads'),
    complete: async (name, key, { condition, write, ...metadata }) =>
      replace(name, key, condition, async (path) => ({ ...metadata, checksum: await write(path) })),
    checkKey,
  });
  return { ...store, ...uploads };
};

const newBucket = (bucket: Bucket, folder: string): OpenBucket => ({
  bucket,
  folder,
  index: createKeyIndex(),
  dataFiles: new Map(),
  locks: createKeyLocks(),
});

const openBucket = async (folder: string): Promise<OpenBucket | undefined> => {
  const bucket = await readJson<Bucket>(join(folder, 'bucket.json'));
  if (bucket === undefined) return undefined;
  const opened = newBucket(bucket, folder);
  const objects = join(folder, 'objects');
  await mkdir(objects, { recursive: true });
  const known = new Set<string>();
  for (const name of await readdir(objects)) {
    if (!name.endsWith('.json')) continue;
    const record = await readJson<ObjectRecord>(join(objects, name));
    if (record === undefined) continue;
    const { dataFile, ...metadata } = record;
    opened.index.set(metadata);
    opened.dataFiles.set(metadata.key, dataFile);
    known.add(name).add(dataFile);
  }
  await removeUnknownFiles(objects, known);
  return opened;
};

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');
const metadataPath = (opened: OpenBucket, key: string): string =>
  join(opened.folder, 'objects', `${hashOf(key)}.json`);

const checkKey = (key: string): void => {
  const bytes = Buffer.byteLength(key);
  if (bytes > MAX_KEY_BYTES) {
    throw new S3Error('KeyTooLongError', {
      details: { Size: String(bytes), MaxSizeAllowed: String(MAX_KEY_BYTES) },
    });
  }
};

const checkCondition = (
  stored: ObjectMetadata | undefined,
  { ifNoneMatch, ifMatch }: WriteCondition,
): void => {
  if (ifNoneMatch && stored !== undefined) {
    throw new S3Error('PreconditionFailed', { details: { Condition: 'If-None-Match' } });
  }
  if (ifMatch === undefined) return;
  if (stored === undefined) throw new S3Error('NoSuchKey');
  if (ifMatch !== '*' && stored.etag !== ifMatch) {
    throw new S3Error('PreconditionFailed', { details: { Condition: 'If-Match' } });
  }
};

const checkDigests = (written: { md5: Buffer; checksum: string }, options: PutOptions): void => {
  if (options.expectedMd5 !== undefined && written.md5.toString('base64') !== options.expectedMd5) {
    throw new S3Error('BadDigest');
  }
  if (options.expectedChecksum !== undefined && written.checksum !== options.expectedChecksum) {
    const algorithm = options.checksumAlgorithm ?? 'CRC64NVME';
    throw new S3Error('BadDigest', {
      message: `The ${algorithm} you specified did not match the calculated checksum.`,
    });
  }
};

const openedObject = async (
  metadata: ObjectMetadata,
  handle: FileHandle,
  chooseRange: ((metadata: ObjectMetadata) => ByteRange | undefined) | undefined,
): Promise<StoredObject> => {
  try {
    const stream = handle.createReadStream(chooseRange?.(metadata) ?? {});
    return { metadata, body: stream, close: () => void stream.destroy() };
  } catch (error) {
    await handle.close();
    throw error;
  }
};

const ignoreMissing = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
};
