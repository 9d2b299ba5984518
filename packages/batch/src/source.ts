import { BatchError } from './errors.js';
import type { BatchInput } from './types.js';

/** A record of a source. */
export interface BatchRecord {
  /** Names the record in the results. @defaultValue its id in the files: its place in the source and a hash */
  readonly recordId?: string;
  /** A Converse input; its `modelId`, if any, is replaced by the batch's model. */
  readonly input: BatchInput;
}

/**
 * Where records come from, one at a time. A function that opens it can be read again, as a run after a crash, and a
 * forecast before the first run, must; so can an array. An iterator can be read once.
 */
export type BatchSource =
  | Iterable<BatchRecord>
  | AsyncIterable<BatchRecord>
  | (() => Iterable<BatchRecord> | AsyncIterable<BatchRecord>);

/** Whether a source can be read more than once. */
export const isReadAgain = (source: BatchSource): boolean =>
  typeof source === 'function' || Array.isArray(source) || source instanceof Set;

/** Opens a source that must be read more than once. @throws {@link BatchError} `COSTKIT_BATCH_SOURCE_READ_ONCE` */
export function openAgain(source: BatchSource): Iterable<BatchRecord> | AsyncIterable<BatchRecord> {
  if (isReadAgain(source)) return openSource(source);
  throw new BatchError(
    'COSTKIT_BATCH_SOURCE_READ_ONCE',
    'this source can be read only once, and a forecast would use it up. Give a function that opens it, or let run() forecast while it stages',
  );
}

/** Opens a source. */
export const openSource = (source: BatchSource): Iterable<BatchRecord> | AsyncIterable<BatchRecord> =>
  typeof source === 'function' ? source() : source;
