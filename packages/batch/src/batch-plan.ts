import type { Tags } from '@costkit/core';
import type { PriceQuery, ResolvedModel } from '@costkit/pricing';
import type { BatchLog } from './batch-log.js';
import type { JobSlots } from './job-slots.js';
import type { Progress } from './progress.js';
import type { Purse } from './purse.js';
import type { ShardLimits } from './shard-cutter.js';
import type { BatchClock, BatchJobOptions, OnDemandClient } from './types.js';

/** Everything that a run needs to know. */
export interface BatchPlan {
  readonly options: BatchJobOptions;
  readonly clock: BatchClock;
  readonly log: BatchLog;
  /** As the jobs name it. */
  readonly model: string;
  readonly resolved: ResolvedModel;
  readonly recordType: 'Converse' | 'InvokeModel';
  /** The batch has a name, so that its jobs can be found where the journal is lost. */
  readonly isNamed: boolean;
  /** Limits of a job; `undefined` where the model takes none. */
  readonly jobLimits: ShardLimits | undefined;
  readonly maxOpenJobs: number;
  readonly slots: JobSlots;
  /** Records that are worth it get so many further attempts. */
  readonly retries: number;
  /** Sends records one by one, where there is one. */
  readonly singles: SinglePath | undefined;
  /** Jobs are stopped at this time (milliseconds since the epoch), and none is begun shortly before. */
  readonly stopAtMs: number;
  /** Jobs that were begun are seen to their ends, and no others. @defaultValue `false` */
  readonly beginsNone?: boolean;
  /** No job is begun any more from this time on. */
  readonly lastJobAtMs: number;
  readonly progress: Progress;
  /** Holds money for records that are tried again, where what was paid before is booked. */
  readonly retryBudget?: RetryBudget;
}

/** Money for records that are tried again. */
export interface RetryBudget {
  /** Takes a record that is tried again. */
  take(modelInput: string): void;
  /** Before a job is created for some of them. */
  hold(): Promise<void>;
}

/** How records are sent one by one. */
export interface SinglePath {
  readonly client: OnDemandClient;
  /** Whether the model has the flex tier. */
  readonly hasFlex: boolean;
  readonly concurrency: number;
  /** Under which its calls are booked, besides those of their scope. */
  readonly tags: Tags;
  readonly query: PriceQuery;
  readonly purse: Purse;
}
