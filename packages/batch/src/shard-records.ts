import { Buffer } from 'node:buffer';
import { MAX_FILE_BYTES, MAX_RECORDS, MIN_RECORDS } from './constants.js';
import { BatchError } from './errors.js';

/** A record as it stands in an input file. */
export interface RecordLine {
  readonly recordId: string;
  /** JSON with a line break behind it. */
  readonly line: string;
}

/** One job's worth of records. */
export interface Shard {
  readonly index: number;
  readonly records: readonly RecordLine[];
}

/** Limits of a job; the service's, unless a test has its own. */
export interface ShardLimits {
  readonly minRecords: number;
  readonly maxRecords: number;
  readonly maxBytes: number;
}

const LIMITS: ShardLimits = { minRecords: MIN_RECORDS, maxRecords: MAX_RECORDS, maxBytes: MAX_FILE_BYTES };

/**
 * Cuts records into as few jobs as the service's limits allow, of even size: a last job below the minimum would be
 * refused.
 *
 * @throws {@link BatchError} `COSTKIT_BATCH_TOO_LARGE` when a file of the fewest records would be too large.
 */
export function shardRecords(records: readonly RecordLine[], limits: ShardLimits = LIMITS): readonly Shard[] {
  const { minRecords, maxRecords, maxBytes } = limits;
  const { length } = records;
  // Bytes of everything before a record, so that every cut is judged by a subtraction.
  const before = [0];
  for (const { line } of records) before.push((before.at(-1) as number) + Buffer.byteLength(line));
  const most = Math.max(1, Math.floor(length / minRecords));
  const least = Math.max(1, Math.ceil(length / maxRecords), Math.ceil((before.at(-1) as number) / maxBytes));
  for (let count = least; count <= most; count += 1) {
    const cuts = Array.from({ length: count + 1 }, (_, index) => Math.floor((index * length) / count));
    const fits = cuts.every(
      (end, index) =>
        index === 0 || (before[end] as number) - (before[cuts[index - 1] as number] as number) <= maxBytes,
    );
    if (!fits) continue;
    return cuts.slice(1).map((end, index) => ({ index, records: records.slice(cuts[index], end) }));
  }
  throw new BatchError(
    'COSTKIT_BATCH_TOO_LARGE',
    `the records cannot be cut into files of at least ${minRecords} records and at most ${maxBytes} bytes. Name media by their S3 address instead of carrying their bytes, or send the largest records on demand`,
  );
}
