import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where log files go: a folder, or a bucket of the local S3. */
export interface LogDestination {
  /** What stands before keys in `s3://…` paths, without a slash at the end. */
  readonly uri: string;
  put(key: string, bytes: Uint8Array): Promise<void>;
}

/** The part of an object store that logging needs. */
export interface LogObjectStore {
  put(
    bucket: string,
    key: string,
    body: Uint8Array,
    options?: { readonly headers?: Readonly<Record<string, string>> },
  ): Promise<unknown>;
}

/** Writes log files below a folder, at the path that would be their key. */
export function folderDestination(folder: string): LogDestination {
  return {
    uri: `s3://${folder.replaceAll('\\', '/').replace(/^\/|\/$/g, '')}`,
    async put(key, bytes) {
      const path = join(folder, ...key.split('/'));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    },
  };
}

/** Writes log files into a bucket. */
export function bucketDestination(store: LogObjectStore, bucketName: string): LogDestination {
  return {
    uri: `s3://${bucketName}`,
    async put(key, bytes) {
      const type = key.endsWith('.json.gz') ? 'application/x-gzip' : 'application/octet-stream';
      await store.put(bucketName, key, bytes, { headers: { 'content-type': type } });
    },
  };
}
