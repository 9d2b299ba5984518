import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InsightsError } from '../errors.js';
import type { S3ClientLike } from '../types.js';

/** Objects that are copied beside one another. */
const CONCURRENT = 16;

interface Listing {
  readonly Contents?: readonly { readonly Key?: string }[];
  readonly NextContinuationToken?: string;
}

/** `s3://bucket/prefix` */
function parseS3Uri(uri: string): { readonly bucket: string; readonly prefix: string } | undefined {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(uri) ?? [];
  return bucket === undefined ? undefined : { bucket, prefix };
}

/**
 * Copies the objects below a prefix into a folder, at the paths that are their keys.
 *
 * @returns how many that were.
 * @throws InsightsError for what is no address.
 */
export async function copyPrefix(
  uri: string,
  s3: S3ClientLike,
  folder: string,
  isWanted: (key: string) => boolean = () => true,
): Promise<number> {
  const place = parseS3Uri(uri);
  if (place === undefined)
    throw new InsightsError(
      'COSTKIT_INSIGHTS_SOURCE_UNKNOWN',
      `"${uri}" is no address in S3. Write s3://bucket/prefix`,
    );
  const { GetObjectCommand, ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const root = resolve(folder);
  const copy = async (key: string): Promise<void> => {
    const path = resolve(join(root, key));
    // A key is a text that somebody chose: it must not lead out of the folder.
    if (!path.startsWith(root + sep)) return;
    const { Body } = (await s3.send(new GetObjectCommand({ Bucket: place.bucket, Key: key }))) as {
      Body: Readable;
    };
    await mkdir(dirname(path), { recursive: true });
    await pipeline(Body, createWriteStream(path));
  };
  let token: string | undefined;
  let copied = 0;
  do {
    const page = (await s3.send(
      new ListObjectsV2Command({
        Bucket: place.bucket,
        Prefix: place.prefix,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    )) as Listing;
    const keys = (page.Contents ?? []).flatMap(({ Key }) =>
      Key === undefined || Key.endsWith('/') || !isWanted(Key) ? [] : [Key],
    );
    for (let from = 0; from < keys.length; from += CONCURRENT) {
      await Promise.all(keys.slice(from, from + CONCURRENT).map(copy));
    }
    copied += keys.length;
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return copied;
}

/**
 * Copies a source that is in S3.
 *
 * @throws InsightsError without a client, and for a prefix that holds nothing.
 */
export async function downloadPrefix(
  uri: string,
  s3: S3ClientLike | undefined,
  folder: string,
): Promise<void> {
  if (s3 === undefined) {
    throw new InsightsError(
      'COSTKIT_INSIGHTS_S3_CLIENT_MISSING',
      `"${uri}" needs a client. Pass { s3: new S3Client({}) }`,
    );
  }
  if ((await copyPrefix(uri, s3, folder)) === 0) {
    throw new InsightsError(
      'COSTKIT_INSIGHTS_SOURCE_EMPTY',
      `"${uri}" holds no objects. Check the prefix that model-invocation logging writes to`,
    );
  }
}
