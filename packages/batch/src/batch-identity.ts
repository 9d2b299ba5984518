import { createHash, randomUUID } from 'node:crypto';
import type { Journal, JournalEntry } from './journal.js';

/** What makes a batch this batch and not another one of the same journal. */
export type BatchIdentity = Pick<
  Extract<JournalEntry, { step: 'begun' }>,
  'model' | 'recordType' | 'bucket' | 'folder'
>;

/**
 * The id of a batch: as its name says, or the one that the journal has begun with the same model in the same place, or
 * a new one.
 */
export async function findBatch(
  journal: Journal,
  identity: BatchIdentity,
  name: string | undefined,
): Promise<string> {
  const { model, recordType, bucket, folder } = identity;
  if (name !== undefined) {
    return createHash('sha256')
      .update(JSON.stringify([name, model, recordType, bucket, folder]))
      .digest('hex')
      .slice(0, 20);
  }
  const known = (await journal.entries()).findLast(
    (entry) =>
      entry.step === 'begun' &&
      entry.model === model &&
      entry.recordType === recordType &&
      entry.bucket === bucket &&
      entry.folder === folder,
  );
  return known?.batch ?? randomUUID();
}
