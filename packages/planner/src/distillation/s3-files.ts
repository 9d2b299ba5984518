import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { DistillationError } from './distillation-error.js';
import type { SendingClient } from './sending-client.js';
import type { SourceFile } from './source-file.js';

/** An object of a listing. */
interface S3File extends SourceFile {
  readonly sizeBytes: number;
}

/** Objects that are asked for beside the one that is read: a month of logs is thousands of small ones. */
const AHEAD = 16;
/** Larger ones come as they are read. */
const MOST_BYTES_AHEAD = 4_194_304;

interface Listing {
  readonly Contents?: readonly { readonly Key?: string; readonly Size?: number }[];
  readonly NextContinuationToken?: string;
}

/** Whether a source is in S3. */
export const isS3Uri = (source: string): boolean => source.startsWith('s3://');

/** @throws DistillationError `COSTKIT_DISTILLATION_SOURCE_INVALID` for what is no address. */
function placeOf(uri: string): { readonly bucket: string; readonly key: string } {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(uri) ?? [];
  if (bucket !== undefined) return { bucket, key };
  throw new DistillationError(
    'COSTKIT_DISTILLATION_SOURCE_INVALID',
    `"${uri}" is no address in S3. Write s3://bucket/prefix`,
  );
}

/** An object of S3. */
export function s3File(uri: string, s3: SendingClient): SourceFile {
  const { bucket, key } = placeOf(uri);
  return {
    name: uri,
    bytes: async () => {
      const { GetObjectCommand } = await import('@aws-sdk/client-s3');
      const { Body } = (await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))) as {
        Body: Readable;
      };
      return Body;
    },
  };
}

/**
 * The objects below a prefix; nothing is copied to this machine.
 *
 * @throws DistillationError `COSTKIT_DISTILLATION_SOURCE_INVALID` for what is no address, and without a client. Errors of
 * the SDK pass as they are.
 */
export async function s3Files(uri: string, s3: SendingClient | undefined): Promise<readonly S3File[]> {
  const { bucket, key } = placeOf(uri);
  if (s3 === undefined) {
    throw new DistillationError(
      'COSTKIT_DISTILLATION_SOURCE_INVALID',
      `"${uri}" needs a client. Pass { s3: new S3Client({}) }`,
    );
  }
  const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const files: S3File[] = [];
  let token: string | undefined;
  do {
    const page = (await s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: key,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    )) as Listing;
    for (const { Key = '', Size = 0 } of page.Contents ?? []) {
      if (!Key.endsWith('/') && Key !== '')
        files.push({ ...s3File(`s3://${bucket}/${Key}`, s3), sizeBytes: Size });
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return files;
}

/** The same files, of which small objects of S3 are fetched before it is their turn. */
export function* readAhead(files: readonly SourceFile[]): Generator<SourceFile> {
  const ahead: SourceFile[] = [];
  let next = 0;
  for (;;) {
    while (next < files.length && ahead.length < AHEAD) {
      ahead.push(begun(files[next] as SourceFile));
      next += 1;
    }
    const file = ahead.shift();
    if (file === undefined) return;
    yield file;
  }
}

function begun(file: SourceFile): SourceFile {
  const { sizeBytes = MOST_BYTES_AHEAD } = file as Partial<S3File>;
  if (sizeBytes >= MOST_BYTES_AHEAD) return file;
  const whole = (async () => buffer(await file.bytes()))();
  // Whoever reads the file is told.
  whole.catch(() => undefined);
  return { name: file.name, bytes: async () => Readable.from([await whole]) };
}
