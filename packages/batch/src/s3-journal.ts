import { checkOptions, InvalidOptionError, isText } from '@costkit/core';
import { hasMethods } from './batch-options.js';
import type { Journal } from './journal.js';
import { numberedJournal } from './numbered-journal.js';
import type { S3ClientLike } from './types.js';

/** What {@link s3Journal} takes. */
export interface S3JournalOptions {
  /** An `S3Client`. */
  readonly s3: S3ClientLike;
  /** The bucket; general purpose buckets take conditional writes. */
  readonly bucket: string;
  /** Folder of the journal's objects; one for each batch. */
  readonly prefix: string;
}

/** Objects read at the same time. */
const READ_AT_ONCE = 16;

/**
 * A journal in S3: an object for each entry, written under the condition that there is none yet (`If-None-Match`), so
 * that any machine can go on with a batch and two cannot at once. Needs `s3:PutObject`, `s3:GetObject` and
 * `s3:ListBucket` on the folder.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong; {@link BatchError}
 * `COSTKIT_BATCH_JOURNAL_TAKEN` from `append`, when another process has written meanwhile.
 *
 * @example
 * ```ts
 * const journal = s3Journal({ s3, bucket: 'my-bucket', prefix: 'journals/nightly' });
 * ```
 */
export function s3Journal(options: S3JournalOptions): Journal {
  checkOptions<S3JournalOptions>('batch', options, {
    s3: hasMethods('send'),
    bucket: isText,
    prefix: isText,
  });
  for (const name of ['s3', 'bucket', 'prefix'] as const) {
    if (options[name] === undefined) throw new InvalidOptionError('batch', name, 'is missing');
  }
  const { s3, bucket: Bucket } = options;
  const folder = `${options.prefix.replace(/^\/+|\/+$/g, '')}/`;
  /** Of a journal in a folder of this one's the keys begin likewise. */
  const isOwn = (key: string): boolean => /^\d{8}\.json$/.test(key.slice(folder.length));
  const keyOf = (number: number): string => `${folder}${String(number).padStart(8, '0')}.json`;

  const readKey = async (Key: string): Promise<string | undefined> => {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    try {
      const { Body } = (await s3.send(new GetObjectCommand({ Bucket, Key }))) as {
        Body: { transformToString(): Promise<string> };
      };
      return await Body.transformToString();
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return undefined;
      throw error;
    }
  };

  return numberedJournal({
    writeNew: async (number, text) => {
      const { PutObjectCommand } = await import('@aws-sdk/client-s3');
      try {
        await s3.send(
          new PutObjectCommand({
            Bucket,
            Key: keyOf(number),
            Body: text,
            ContentType: 'application/json',
            IfNoneMatch: '*',
          }),
        );
        return true;
      } catch (error) {
        // 409 ConditionalRequestConflict: another write of the same key is under way (S3 API reference, PutObject).
        if (['PreconditionFailed', 'ConditionalRequestConflict'].includes((error as Error).name))
          return false;
        throw error;
      }
    },
    read: (number) => readKey(keyOf(number)),
    all: async () => {
      const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
      const keys: string[] = [];
      let token: string | undefined;
      do {
        const page = (await s3.send(
          new ListObjectsV2Command({ Bucket, Prefix: folder, ContinuationToken: token }),
        )) as { Contents?: { Key?: string }[]; NextContinuationToken?: string };
        for (const { Key = '' } of page.Contents ?? []) if (isOwn(Key)) keys.push(Key);
        token = page.NextContinuationToken;
      } while (token !== undefined);
      const read: string[] = [];
      for (let from = 0; from < keys.length; from += READ_AT_ONCE) {
        const some = await Promise.all(keys.slice(from, from + READ_AT_ONCE).map(readKey));
        for (const text of some) read.push(text ?? '');
      }
      return read;
    },
  });
}
