import type { Call, LeverMode, RequestView } from '@costkit/core';
import type { Journal } from './journal.js';
import type { BatchJobOptions, BatchProgress } from './types.js';

/** What {@link batchPlugin} and {@link batchClient} take. */
export interface BatchQueueOptions extends BatchJobOptions {
  /** Which calls can wait. A call whose model takes no batch jobs is sent on demand. @defaultValue all calls */
  readonly when?: (view: RequestView, call: Call) => boolean;
  /** Longest time, in milliseconds, that the first request of a job waits for others. @defaultValue 60_000 */
  readonly maxWaitMs?: number;
  /** A job starts as soon as it has this many records; 100 or more. @defaultValue 100_000 */
  readonly maxRecords?: number;
  /** Told when a job's status or counts have changed since the last look. @defaultValue nobody */
  readonly onProgress?: (progress: BatchProgress) => void;
  /** Where each step of the jobs is written down, e.g. to see afterwards which were begun. @defaultValue in memory */
  readonly journal?: Journal;
  /** @defaultValue `"enforce"` */
  readonly mode?: LeverMode;
}
