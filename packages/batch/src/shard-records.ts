import { Buffer } from 'node:buffer';
import { MAX_FILE_BYTES, MAX_RECORDS, MIN_RECORDS } from './constants.js';

/** One job's worth of records. */
export interface Shard {
  readonly index: number;
  readonly lines: readonly string[];
}

/**
 * Cuts lines into as few jobs as the service's limits allow, of even size: a last job below the minimum would be
 * refused.
 */
export function shardRecords(lines: readonly string[]): readonly Shard[] {
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
  const count = Math.max(1, Math.ceil(lines.length / MAX_RECORDS), Math.ceil(bytes / (MAX_FILE_BYTES * 0.9)));
  const size = Math.max(MIN_RECORDS, Math.ceil(lines.length / count));
  return Array.from({ length: Math.ceil(lines.length / size) }, (_, index) => ({
    index,
    lines: lines.slice(index * size, (index + 1) * size),
  }));
}
