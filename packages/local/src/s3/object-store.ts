import type { ChecksumAlgorithm } from './checksum.js';

/** A checksum kept beside an object, as S3 reports it. */
export interface ObjectChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; with `-<number of parts>` behind it when `type` is `COMPOSITE`. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** A part of an object that was uploaded in parts. */
interface ObjectPart {
  readonly partNumber: number;
  /** Bytes. */
  readonly size: number;
  /** Base64 checksum of the part alone. */
  readonly checksum?: string;
}

/** What is known of an object besides its bytes. */
export interface ObjectMetadata {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Without quotes: the MD5 in hex, or `<MD5 of the parts' MD5>-<number of parts>`. */
  readonly etag: string;
  /** Milliseconds since the epoch, on the clock of the store. */
  readonly lastModifiedMs: number;
  /** `content-type` and the other stored HTTP headers, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata: the `x-amz-meta-` headers without that prefix. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksum: ObjectChecksum;
  /** Set when the object was uploaded in parts. */
  readonly parts?: readonly ObjectPart[];
}

/** A bucket. */
export interface Bucket {
  readonly name: string;
  /** Milliseconds since the epoch, on the clock of the store. */
  readonly createdMs: number;
}

/** Bytes to store: whole, or as they come. */
export type ObjectBody = Uint8Array | AsyncIterable<Uint8Array>;

/** A write that happens only if the stored object is as expected. */
export interface WriteCondition {
  /** `true`: only if there is no object of that key (`If-None-Match: *`). */
  readonly ifNoneMatch?: boolean;
  /** Only if the stored object has this ETag (without quotes). */
  readonly ifMatch?: string;
}

/** How an object is stored. */
export interface PutOptions {
  /** @defaultValue `{ "content-type": "binary/octet-stream" }` */
  readonly headers?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  /** @defaultValue `"CRC64NVME"`, as S3 does when the caller names none */
  readonly checksumAlgorithm?: ChecksumAlgorithm;
  /** Base64 checksum that the bytes must have; needs `checksumAlgorithm`. */
  readonly expectedChecksum?: string;
  /** Base64 MD5 that the bytes must have. */
  readonly expectedMd5?: string;
  readonly condition?: WriteCondition;
}

/** Part of an object's bytes; both ends belong to it. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** An object that has been opened. */
export interface StoredObject {
  readonly metadata: ObjectMetadata;
  /** The bytes. Iterate it once, or call `close`. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Lets go of the bytes without reading them. */
  close(): void;
}

/** What to list. */
export interface ListQuery {
  readonly prefix?: string;
  readonly delimiter?: string;
  /** List only what comes after this key, or after every key of this common prefix. */
  readonly after?: string;
  /** @defaultValue 1000 */
  readonly maxKeys?: number;
}

/** One page of a listing, in the order of the keys' UTF-8 bytes. */
export interface ObjectListing {
  readonly contents: readonly ObjectMetadata[];
  readonly commonPrefixes: readonly string[];
  /** Pass as `after` for the next page; absent on the last page. */
  readonly next?: string;
}

/** Objects in buckets: what batch jobs and invocation logging read and write directly. */
export interface ObjectStore {
  /** @throws S3Error `BucketAlreadyOwnedByYou`, `InvalidBucketName` */
  createBucket(bucket: string): Promise<void>;
  /** @throws S3Error `NoSuchBucket`, `BucketNotEmpty` */
  deleteBucket(bucket: string): Promise<void>;
  listBuckets(): Promise<readonly Bucket[]>;
  hasBucket(bucket: string): Promise<boolean>;
  /**
   * Stores an object. It is there in full or not at all.
   * @throws S3Error `NoSuchBucket`, `BadDigest`, `PreconditionFailed`, `ConditionalRequestConflict`, …
   */
  put(bucket: string, key: string, body: ObjectBody, options?: PutOptions): Promise<ObjectMetadata>;
  /**
   * Opens an object. `chooseRange` sees its metadata first, so that a range always fits the bytes it is taken of.
   * @throws S3Error `NoSuchBucket`, `NoSuchKey`
   */
  get(
    bucket: string,
    key: string,
    chooseRange?: (metadata: ObjectMetadata) => ByteRange | undefined,
  ): Promise<StoredObject>;
  /** @throws S3Error `NoSuchBucket`, `NoSuchKey` */
  head(bucket: string, key: string): Promise<ObjectMetadata>;
  /** Succeeds also when there is no such object. @throws S3Error `NoSuchBucket`, `PreconditionFailed` */
  delete(bucket: string, key: string, condition?: { readonly ifMatch?: string }): Promise<void>;
  /** @throws S3Error `NoSuchBucket` */
  list(bucket: string, query?: ListQuery): Promise<ObjectListing>;
}
