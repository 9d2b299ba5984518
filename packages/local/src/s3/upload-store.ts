import type { ChecksumAlgorithm } from './checksum.js';
import type { ObjectMetadata, WriteCondition } from './object-store.js';

/** An upload in parts that has been started. */
export interface Upload {
  readonly uploadId: string;
  readonly key: string;
  /** Milliseconds since the epoch, on the clock of the store. */
  readonly initiatedMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksumAlgorithm: ChecksumAlgorithm;
  /** Whether the object's checksum covers its bytes, or the checksums of its parts. */
  readonly checksumType: 'FULL_OBJECT' | 'COMPOSITE';
  /** Whether the caller named the algorithm; if so its parts must use it, and completing must repeat it. */
  readonly checksumRequested: boolean;
}

/** A part that has been uploaded. */
export interface UploadedPart {
  readonly partNumber: number;
  /** Bytes. */
  readonly size: number;
  /** MD5 in hex, without quotes. */
  readonly etag: string;
  /** Base64. */
  readonly checksum: string;
  /** Milliseconds since the epoch, on the clock of the store. */
  readonly lastModifiedMs: number;
}

/** A part as the caller names it when completing. */
export interface CompletedPart {
  readonly partNumber: number;
  readonly etag: string;
  /** Base64 checksum, checked when given. */
  readonly checksum?: string;
}

/** How a new upload is started. */
interface UploadOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly checksumAlgorithm?: ChecksumAlgorithm;
  readonly checksumType?: 'FULL_OBJECT' | 'COMPOSITE';
}

/** Uploads in parts. */
export interface UploadStore {
  /** @throws S3Error `NoSuchBucket`, `InvalidRequest` */
  createUpload(bucket: string, key: string, options?: UploadOptions): Promise<Upload>;
  /** @throws S3Error `NoSuchUpload`, `BadDigest`, `InvalidRequest` */
  putPart(
    bucket: string,
    key: string,
    uploadId: string,
    partNumber: number,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    expected?: {
      readonly md5?: string;
      readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
    },
  ): Promise<{ readonly upload: Upload; readonly part: UploadedPart }>;
  /** In the order of their numbers. @throws S3Error `NoSuchUpload` */
  listParts(
    bucket: string,
    key: string,
    uploadId: string,
  ): Promise<{ readonly upload: Upload; readonly parts: readonly UploadedPart[] }>;
  /** @throws S3Error `NoSuchUpload`, `InvalidPart`, `InvalidPartOrder`, `EntityTooSmall`, `BadDigest`, `PreconditionFailed` */
  completeUpload(
    bucket: string,
    key: string,
    uploadId: string,
    parts: readonly CompletedPart[],
    options?: {
      readonly condition?: WriteCondition;
      readonly expectedChecksum?: string;
      readonly expectedSize?: number;
    },
  ): Promise<ObjectMetadata>;
  /** @throws S3Error `NoSuchUpload` */
  abortUpload(bucket: string, key: string, uploadId: string): Promise<void>;
  /** In the order of their keys. @throws S3Error `NoSuchBucket` */
  listUploads(bucket: string): Promise<readonly Upload[]>;
}
