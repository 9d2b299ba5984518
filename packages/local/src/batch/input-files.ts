import type { ObjectStore } from '../s3/object-store.js';
import { S3Error } from '../s3/s3-error.js';

/** A place in S3. */
export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** One input file of a job. */
export interface InputFile {
  readonly key: string;
  /** Its path below the input folder; output files are named after it. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/** Bucket and key of an `s3://` URI that has been validated. */
export const parseS3Uri = (uri: string): S3Location => {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri) ?? [];
  return { bucket, key };
};

/**
 * The JSONL files that an input URI names: one file, or every `.jsonl` below a folder.
 * @throws S3Error `NoSuchBucket`
 */
export const findInputFiles = async (
  store: ObjectStore,
  { bucket, key }: S3Location,
): Promise<InputFile[]> => {
  if (key.endsWith('.jsonl')) {
    const object = await store.head(bucket, key).catch((error: unknown) => {
      if (error instanceof S3Error && error.code === 'NoSuchKey') return undefined;
      throw error;
    });
    if (object !== undefined) return [{ key, name: key.slice(key.lastIndexOf('/') + 1), size: object.size }];
  }
  const prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
  const files: InputFile[] = [];
  let after: string | undefined;
  do {
    const page = await store.list(bucket, after === undefined ? { prefix } : { prefix, after });
    for (const object of page.contents) {
      if (!object.key.endsWith('.jsonl')) continue;
      files.push({ key: object.key, name: object.key.slice(prefix.length), size: object.size });
    }
    after = page.next;
  } while (after !== undefined);
  return files;
};
