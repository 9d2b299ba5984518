import type { S3Client } from '@aws-sdk/client-s3';
import type { Journal, JournalEntry } from '@costkit/batch';
import { CliUsageError } from '../cli-error.js';

/** Opens a journal by its name: a file, or `s3://bucket/folder`. */
export async function openJournal(name: string, s3: S3Client): Promise<Journal> {
  const { fileJournal, s3Journal } = await import('@costkit/batch');
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.+)$/.exec(name) ?? [];
  return bucket === undefined || prefix === undefined ? fileJournal(name) : s3Journal({ s3, bucket, prefix });
}

/**
 * What the batch of a journal was begun with.
 *
 * @throws `CliUsageError` where there is none.
 */
export async function begunBatch(
  journal: Journal,
  name: string,
): Promise<Extract<JournalEntry, { step: 'begun' }>> {
  const begun = (await journal.entries()).findLast((entry) => entry.step === 'begun');
  if (begun !== undefined) return begun as Extract<JournalEntry, { step: 'begun' }>;
  throw new CliUsageError(
    `"${name}" is no journal of a batch. \`costkit batch run\` writes one`,
    'COSTKIT_CANNOT_READ',
  );
}
