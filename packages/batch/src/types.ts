import type { Money, Receipt, SpendGuard, Tags } from '@costkit/core';
import type { WaitingClock } from '@costkit/core/waiting-clock';
import type { PriceOverride, Usage } from '@costkit/pricing';
import type { Journal } from './journal.js';
import type { BatchSource } from './source.js';

/** The part of a `BedrockClient` that batch inference needs. */
export interface BedrockControlClient {
  /** As the SDK's own. */
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of `send` differ between SDK versions.
  send(command: any, ...rest: any[]): Promise<any>;
}

/** The part of an `S3Client` that batch inference needs. */
export interface S3ClientLike {
  /** As the SDK's own. */
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of `send` differ between SDK versions.
  send(command: any, ...rest: any[]): Promise<any>;
  readonly config: object;
}

/** Time, injectable so that jobs of hours run in milliseconds. */
export type BatchClock = WaitingClock;

/** Where and how batch jobs run. */
export interface BatchJobOptions {
  /** A `BedrockClient` (control plane). */
  readonly bedrock: BedrockControlClient;
  /** An `S3Client`. */
  readonly s3: S3ClientLike;
  /** Bucket for input and output files, in the Region of the jobs. */
  readonly bucket: string;
  /** Role that Bedrock assumes to read and write the bucket. */
  readonly roleArn: string;
  /** Folder in the bucket. @defaultValue `"costkit-batch"` */
  readonly prefix?: string;
  /** Hours after which a job expires; Bedrock takes 24 to 168. @defaultValue 24 */
  readonly timeoutHours?: number;
  /** Time between the first two looks at a job's status, in milliseconds; later ones are up to ten times apart. @defaultValue 30_000 */
  readonly pollMs?: number;
  /** @defaultValue the machine's clock */
  readonly clock?: BatchClock;
  /** Ends the waiting, not the jobs: with a journal `resume()` goes on where this process stopped. @defaultValue none */
  readonly signal?: AbortSignal;
}

/** The part of a `BedrockRuntimeClient` that answers single records. */
export interface OnDemandClient {
  /** As the SDK's own. */
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of `send` differ between SDK versions.
  send(command: any, ...rest: any[]): Promise<any>;
}

/** A model of a ladder, cheap to strong. */
export interface PolicyTier {
  readonly name: string;
  /** Model id, inference profile or ARN. */
  readonly modelId: string;
}

/** What a task needs, by an evaluation: the policy that `policyFrom` of `@costkit/router` writes. */
export interface TaskPolicyOptions {
  /** The models that the policy names, cheap to strong. */
  readonly tiers: readonly PolicyTier[];
  /** The routing policy. */
  readonly policy: {
    readonly tasks: Readonly<Record<string, { readonly tier: string }>>;
    readonly default?: string;
  };
  /** Which of its tasks this batch is. @defaultValue the tag `task` */
  readonly task?: string;
  /** Runs a model above what the policy says that the task needs. @defaultValue `false`: it is refused */
  readonly allowAbove?: boolean;
}

/** Quotas of your account, where they are not the service's defaults (Service Quotas, Amazon Bedrock). */
export interface BatchQuotas {
  /** Fewest records of a job. @defaultValue 100 */
  readonly minRecords?: number;
  /** Most records of a job, and of its one file; at least twice the fewest. @defaultValue 100_000 */
  readonly maxRecords?: number;
  /** Most bytes of a job's file. @defaultValue 1_000_000_000 */
  readonly maxBytes?: number;
  /** Jobs of a model on their way at the same time, of all batches of one client together. @defaultValue 20 of 100 */
  readonly maxOpenJobs?: number;
}

/** What {@link createBatch} takes. */
export interface BatchOptions extends BatchJobOptions {
  /** Model id, inference profile or ARN. */
  readonly model: string;
  /**
   * Models behind ARNs that do not name their model: the ARN of an application inference profile to a model id or
   * profile. @defaultValue none
   */
  readonly models?: Readonly<Record<string, string>>;
  /** Where the records come from, besides `add`: they are read one at a time, and never held. @defaultValue none */
  readonly source?: BatchSource;
  /** Where each step is written down before it is taken, so that another process can go on. @defaultValue in memory */
  readonly journal?: Journal;
  /**
   * Names the batch in its jobs and files, so that those that run are found again where the journal is lost. Another
   * batch needs another name. @defaultValue a random one, which the journal remembers
   */
  readonly name?: string;
  /**
   * Refuses to create jobs whose worst case costs more, in dollars, and to send more one by one than is left of it. Every
   * record then needs a `maxTokens`, and none may hold media that cannot be counted. @defaultValue no limit
   */
  readonly maxUsd?: number | string;
  /**
   * Budgets that must have room for the worst case of all jobs before the first is created, e.g. a meter. What the
   * answers have cost is booked in its place once the jobs have ended; records that are sent one by one are left to
   * their client. A meter also gets the receipts of the answers. As with `maxUsd`, every record needs a `maxTokens`.
   * @defaultValue none
   */
  readonly budget?: SpendGuard;
  /** Which budgets it counts in, and what its receipts carry. @defaultValue the tags of the `withTags` in which it is run */
  readonly tags?: Tags;
  /** Refuses a model that is above what the task needs. @defaultValue no policy */
  readonly policy?: TaskPolicyOptions;
  /** Negotiated prices, as `costOf` takes them. @defaultValue none */
  readonly priceOverrides?: readonly PriceOverride[];
  /**
   * Answers, one by one, what no job can: fewer records than a job takes, models without batch, what is left when the
   * deadline is near. At the flex tier where the model has it, else on demand. A runtime client, bare or wrapped.
   * @defaultValue such records are refused, or fail
   */
  readonly onDemand?: OnDemandClient;
  /** When the last answer is wanted. Jobs are stopped a while before, and the rest is sent one by one. @defaultValue never */
  readonly deadline?: Date;
  /** How long before the deadline jobs are stopped, in milliseconds. @defaultValue 1_800_000 */
  readonly reserveMs?: number;
  /** Further attempts for records whose failure is worth it. @defaultValue 2 */
  readonly retries?: number;
  /**
   * Sends requests that are the same, to the letter, once in the whole batch, and answers all who asked. Takes 22 to 43 bytes
   * of memory for each different request, of which the first three million are remembered: later ones are found to be the
   * same as one of those, but not as one another. Who shares an answer waits on disk. @defaultValue `false`
   */
  readonly mergeIdentical?: boolean;
  /**
   * `any`: results as they come. `input`: in the order of the source, once the last is there, by a sort in the folder for
   * temporary files, which holds the answers meanwhile. @defaultValue `"any"`
   */
  readonly order?: 'any' | 'input';
  /** @defaultValue the service's default quotas */
  readonly quotas?: BatchQuotas;
  /** Told when a job's status or counts have changed since the last look. @defaultValue nobody */
  readonly onProgress?: (progress: BatchProgress) => void;
}

/** How far a job is, and the batch that it belongs to. */
export interface BatchProgress {
  readonly jobArn: string;
  /** As the service has it: `Submitted`, `Validating`, `Scheduled`, `InProgress`, … */
  readonly status: string;
  /** 0 until the input files are validated, as are the others. */
  readonly totalRecords: number;
  /** Answered or failed. */
  readonly processedRecords: number;
  readonly failedRecords: number;
  /** All jobs of the batch together. */
  readonly batch: BatchTotals;
}

/** How far a batch is. */
export interface BatchTotals {
  /** Records of the source. */
  readonly records: number;
  /** Answered or failed in jobs, as far as their states say. */
  readonly processedRecords: number;
  /** Results that were handed on. */
  readonly results: number;
  /** Since this run began. */
  readonly recordsPerSecond: number;
  /** At this rate; `undefined` while there is none. */
  readonly remainingMs: number | undefined;
  /** What the results that were handed on have cost, as far as it is known. */
  readonly spent: Money;
}

/** The answer to one record. */
export type BatchResult = BatchSuccess | BatchFailure;

/** A record that was answered. */
export interface BatchSuccess {
  readonly recordId: string;
  /** Its place in the source, from 0. */
  readonly ordinal: number;
  readonly ok: true;
  /** The answer in the shape of a Converse response. */
  readonly output: Readonly<Record<string, unknown>>;
  readonly usage: Usage;
  /** `estimated` where the answer did not count its tokens. */
  readonly quality: 'measured' | 'estimated';
  /** At the price of its way; `undefined`: unknown. */
  readonly cost: Money | undefined;
  readonly mode: 'batch' | 'flex' | 'on-demand';
  /** It shares the answer, and the cost, of a record that asked the same: its own cost is zero. */
  readonly isShared: boolean;
  /**
   * What it has cost, beside what it would have cost on demand; made when it is read. Its id is the same in every run that
   * reads the record again.
   */
  readonly receipt: Receipt;
}

/** A record that was not answered. */
export interface BatchFailure {
  readonly recordId: string;
  /** Its place in the source, from 0. */
  readonly ordinal: number;
  readonly ok: false;
  /**
   * `errorCode` of the record; or, where it has none, the status of the job that ended without it: `Expired`, `Stopped`,
   * `PartiallyCompleted`, `Failed`, also `Completed`; or why it was not sent: `InvalidRecord`, `RecordTooLarge`,
   * `TooFewRecords`, `Deadline`, `MaxUsd`, `NotSent`; or the name of the error that a client threw.
   */
  readonly errorCode: string;
  readonly errorMessage: string;
  /** That nothing was paid, and why; made when it is read. */
  readonly receipt: Receipt;
}

/** A Converse input without its model. */
export type BatchInput = Readonly<Record<string, unknown>>;
