import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalClock } from '../contract.js';
import { readJson, writeBytes, writeJson } from './_files.js';
import { compositeChecksum } from './checksum.js';
import { compareUtf8 } from './key-index.js';
import type { ObjectChecksum, ObjectMetadata, WriteCondition } from './object-store.js';
import { S3Error } from './s3-error.js';
import type { CompletedPart, Upload, UploadedPart, UploadStore } from './upload-store.js';

/** What an object from parts still needs to become one: its bytes, written by `write` into the file it is told. */
interface AssembledObject {
  readonly size: number;
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly parts: NonNullable<ObjectMetadata['parts']>;
  readonly condition: WriteCondition | undefined;
  readonly write: (path: string) => Promise<ObjectChecksum>;
}

/** What uploads need of the store they belong to. */
export interface FileUploadsOptions {
  readonly clock: LocalClock;
  /** Folder of a bucket's uploads. @throws S3Error `NoSuchBucket` */
  readonly uploadsFolder: (bucket: string) => string;
  readonly complete: (bucket: string, key: string, object: AssembledObject) => Promise<ObjectMetadata>;
  readonly checkKey: (key: string) => void;
}

/** Every part but the last has at least this many bytes [Amazon S3 user guide, multipart upload limits]. */
const MIN_PART_BYTES = 5 * 1024 * 1024;
const MAX_PART_NUMBER = 10_000;
const UPLOAD_ID = /^[0-9a-f]{32}$/;

/** Keeps uploads in parts in a folder beside the objects: one folder per upload, one file per part. */
export const createFileUploads = ({
  clock,
  uploadsFolder,
  complete,
  checkKey,
}: FileUploadsOptions): UploadStore => {
  const find = async (
    bucket: string,
    key: string,
    uploadId: string,
  ): Promise<{ folder: string; upload: Upload }> => {
    const uploads = uploadsFolder(bucket);
    const folder = join(uploads, uploadId);
    const upload = UPLOAD_ID.test(uploadId) ? await readJson<Upload>(join(folder, 'upload.json')) : undefined;
    if (upload === undefined || upload.key !== key) {
      throw new S3Error('NoSuchUpload', { details: { UploadId: uploadId } });
    }
    return { folder, upload };
  };

  return {
    createUpload: async (bucket, key, options = {}) => {
      const folder = uploadsFolder(bucket);
      checkKey(key);
      const checksumAlgorithm = options.checksumAlgorithm ?? 'CRC64NVME';
      const fullObjectOnly = checksumAlgorithm === 'CRC64NVME';
      const checksumType = options.checksumType ?? (fullObjectOnly ? 'FULL_OBJECT' : 'COMPOSITE');
      if (
        checksumType === (fullObjectOnly ? 'COMPOSITE' : 'FULL_OBJECT') &&
        (fullObjectOnly || isSha(checksumAlgorithm))
      ) {
        throw new S3Error('InvalidRequest', {
          message: `The ${checksumType} checksum type cannot be used with the ${checksumAlgorithm.toLowerCase()} checksum algorithm.`,
        });
      }
      const upload: Upload = {
        uploadId: randomUUID().replaceAll('-', ''),
        key,
        initiatedMs: clock.now(),
        headers: options.headers ?? { 'content-type': 'binary/octet-stream' },
        metadata: options.metadata ?? {},
        checksumAlgorithm,
        checksumType,
        checksumRequested: options.checksumAlgorithm !== undefined,
      };
      await mkdir(join(folder, upload.uploadId), { recursive: true });
      await writeJson(join(folder, upload.uploadId, 'upload.json'), upload);
      return upload;
    },

    putPart: async (bucket, key, uploadId, partNumber, body, expected = {}) => {
      if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > MAX_PART_NUMBER) {
        throw new S3Error('InvalidArgument', {
          message: `Part number must be an integer between 1 and ${MAX_PART_NUMBER}, inclusive`,
        });
      }
      const { folder, upload } = await find(bucket, key, uploadId);
      const algorithm = upload.checksumAlgorithm;
      if (upload.checksumRequested && expected.checksum && expected.checksum.algorithm !== algorithm) {
        throw new S3Error('InvalidRequest', {
          message: `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${expected.checksum.algorithm.toLowerCase()}`,
        });
      }
      const used = expected.checksum?.algorithm ?? algorithm;
      const temporary = join(folder, `${randomUUID()}.tmp`);
      try {
        const written = await writeBytes(temporary, body, used);
        if (expected.md5 !== undefined && written.md5.toString('base64') !== expected.md5)
          throw new S3Error('BadDigest');
        if (expected.checksum !== undefined && written.checksum !== expected.checksum.value) {
          throw new S3Error('BadDigest', {
            message: `The ${used} you specified did not match the calculated checksum.`,
          });
        }
        const part: UploadedPart = {
          partNumber,
          size: written.size,
          etag: written.md5.toString('hex'),
          checksum: written.checksum,
          lastModifiedMs: clock.now(),
        };
        // Bytes before their description: whoever finds the description finds all of the bytes.
        const dataFile = `${partNumber}.${part.etag}.${part.size}.data`;
        await rename(temporary, join(folder, dataFile));
        await writeJson(join(folder, `${partNumber}.json`), part);
        return { upload, part };
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },

    listParts: async (bucket, key, uploadId) => {
      const { folder, upload } = await find(bucket, key, uploadId);
      return { upload, parts: await readParts(folder) };
    },

    completeUpload: async (bucket, key, uploadId, named, options = {}) => {
      const { folder, upload } = await find(bucket, key, uploadId);
      const parts = chooseParts(await readParts(folder), named);
      const size = parts.reduce((sum, part) => sum + part.size, 0);
      if (options.expectedSize !== undefined && options.expectedSize !== size) {
        throw new S3Error('InvalidRequest', {
          message: `The provided 'x-amz-mp-object-size' header value does not match what was computed: ${size}`,
        });
      }
      const md5OfParts = createHash('md5').update(Buffer.from(parts.map(({ etag }) => etag).join(''), 'hex'));
      const metadata = await complete(bucket, key, {
        size,
        etag: `${md5OfParts.digest('hex')}-${parts.length}`,
        headers: upload.headers,
        metadata: upload.metadata,
        parts: parts.map(({ partNumber, size: bytes, checksum }) =>
          upload.checksumRequested ? { partNumber, size: bytes, checksum } : { partNumber, size: bytes },
        ),
        condition: options.condition,
        write: async (path) => {
          const written = await writeBytes(path, bytesOf(folder, parts), upload.checksumAlgorithm);
          const value =
            upload.checksumType === 'FULL_OBJECT'
              ? written.checksum
              : await compositeChecksum(
                  upload.checksumAlgorithm,
                  parts.map(({ checksum }) => checksum),
                );
          if (
            options.expectedChecksum !== undefined &&
            withoutCount(options.expectedChecksum) !== withoutCount(value)
          ) {
            throw new S3Error('BadDigest', {
              message: `The ${upload.checksumAlgorithm} you specified did not match the calculated checksum.`,
            });
          }
          return { algorithm: upload.checksumAlgorithm, value, type: upload.checksumType };
        },
      });
      await rm(folder, { recursive: true, force: true });
      return metadata;
    },

    abortUpload: async (bucket, key, uploadId) => {
      const { folder } = await find(bucket, key, uploadId);
      await rm(folder, { recursive: true, force: true });
    },

    listUploads: async (bucket) => {
      const folder = uploadsFolder(bucket);
      const names = await readdir(folder).catch((): string[] => []);
      const uploads = await Promise.all(
        names.map((name) => readJson<Upload>(join(folder, name, 'upload.json'))),
      );
      return uploads
        .filter((upload) => upload !== undefined)
        .sort((left, right) => compareUtf8(left.key, right.key) || left.initiatedMs - right.initiatedMs);
    },
  };
};

const isSha = (algorithm: string): boolean => algorithm.startsWith('SHA');
const withoutCount = (checksum: string): string => checksum.replace(/-\d+$/, '');

const readParts = async (folder: string): Promise<UploadedPart[]> => {
  const names = (await readdir(folder)).filter((name) => /^\d+\.json$/.test(name));
  const parts = await Promise.all(names.map((name) => readJson<UploadedPart>(join(folder, name))));
  return parts.filter((part) => part !== undefined).sort((left, right) => left.partNumber - right.partNumber);
};

const chooseParts = (uploaded: readonly UploadedPart[], named: readonly CompletedPart[]): UploadedPart[] => {
  if (named.length === 0) throw new S3Error('MalformedXML');
  const byNumber = new Map(uploaded.map((part) => [part.partNumber, part]));
  if (named.some((part, index) => part.partNumber <= (named[index - 1]?.partNumber ?? 0))) {
    throw new S3Error('InvalidPartOrder');
  }
  return named.map(({ partNumber, etag, checksum }, index) => {
    const part = byNumber.get(partNumber);
    const differs =
      part !== undefined && (part.etag !== etag || (checksum !== undefined && checksum !== part.checksum));
    if (part === undefined || differs) {
      throw new S3Error('InvalidPart', { details: { PartNumber: String(partNumber), ETag: etag } });
    }
    if (index < named.length - 1 && part.size < MIN_PART_BYTES) {
      throw new S3Error('EntityTooSmall', {
        details: {
          ETag: etag,
          PartNumber: String(partNumber),
          ProposedSize: String(part.size),
          MinSizeAllowed: String(MIN_PART_BYTES),
        },
      });
    }
    return part;
  });
};

async function* bytesOf(folder: string, parts: readonly UploadedPart[]): AsyncGenerator<Uint8Array> {
  for (const { partNumber, etag, size } of parts) {
    yield* createReadStream(join(folder, `${partNumber}.${etag}.${size}.data`));
  }
}
