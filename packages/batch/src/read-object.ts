import { Buffer } from 'node:buffer';
import { readLineGroups } from './read-lines.js';
import type { BatchJobOptions } from './types.js';

/** Opens an object of the bucket. @returns its bytes, in pieces. */
export async function openObject(
  { s3, bucket }: BatchJobOptions,
  key: string,
): Promise<AsyncIterable<Uint8Array>> {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  const { Body } = (await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))) as {
    Body: AsyncIterable<Uint8Array>;
  };
  return Body;
}

/** Reads an object of the bucket that fits into memory. */
export async function readObject(options: BatchJobOptions, key: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of await openObject(options, key)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Reads the lines of an object, a group of them at a time: one by one would cost more than to read them. */
export async function* readObjectLines(
  options: BatchJobOptions,
  key: string,
): AsyncGenerator<readonly string[]> {
  yield* readLineGroups(await openObject(options, key));
}
