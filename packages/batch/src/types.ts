import type { Money, SpendGuard, Tags } from '@costkit/core';
import type { PriceOverride, Usage } from '@costkit/pricing';
import type { Journal } from './journal.js';

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
export interface BatchClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves when `ms` have passed; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

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
  /** Time between two looks at a job's status. @defaultValue 30_000 */
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

/** What {@link createBatch} takes. */
export interface BatchOptions extends BatchJobOptions {
  /** Model id, inference profile or ARN; it must take batch inference. */
  readonly model: string;
  /**
   * Models behind ARNs that do not name their model: the ARN of an application inference profile to a model id or
   * profile. @defaultValue none
   */
  readonly models?: Readonly<Record<string, string>>;
  /** Where each step is written down before it is taken, so that `resume()` can go on. @defaultValue in memory */
  readonly journal?: Journal;
  /**
   * Refuses to create jobs whose worst case costs more, in dollars. Every record then needs a `maxTokens`, and none may
   * hold media that cannot be counted. @defaultValue no limit
   */
  readonly maxUsd?: number | string;
  /**
   * Budgets that must have room for the worst case of all jobs before the first is staged, e.g. a meter. What the
   * answers have cost is booked in its place once the jobs have ended; records that are sent on demand are left to
   * their client. As with `maxUsd`, every record needs a `maxTokens`. @defaultValue none
   */
  readonly budget?: SpendGuard;
  /** Which budgets it counts in. @defaultValue the tags of the `withTags` in which it is run */
  readonly tags?: Tags;
  /** Negotiated prices, as `costOf` takes them. @defaultValue none */
  readonly priceOverrides?: readonly PriceOverride[];
  /**
   * Answers the records when there are fewer than Bedrock takes in a job (100): a runtime client, bare or wrapped.
   * @defaultValue fewer records are refused
   */
  readonly onDemand?: OnDemandClient;
  /** Told when a job's status or counts have changed since the last look. @defaultValue nobody */
  readonly onProgress?: (progress: BatchProgress) => void;
}

/** How far a job is. */
export interface BatchProgress {
  readonly jobArn: string;
  /** As the service has it: `Submitted`, `Validating`, `Scheduled`, `InProgress`, … */
  readonly status: string;
  /** 0 until the input files are validated, as are the others. */
  readonly totalRecords: number;
  /** Answered or failed. */
  readonly processedRecords: number;
  readonly failedRecords: number;
}

/** The answer to one record. */
export type BatchResult = BatchSuccess | BatchFailure;

/** A record that was answered. */
export interface BatchSuccess {
  readonly recordId: string;
  readonly ok: true;
  /** The answer in the shape of a Converse response. */
  readonly output: Readonly<Record<string, unknown>>;
  readonly usage: Usage;
  /** `estimated` where the answer did not count its tokens. */
  readonly quality: 'measured' | 'estimated';
  /** At the batch price, or the on-demand price where the record went that way; `undefined`: unknown. */
  readonly cost: Money | undefined;
  readonly mode: 'batch' | 'on-demand';
}

/** A record that was not answered. */
export interface BatchFailure {
  readonly recordId: string;
  readonly ok: false;
  /**
   * `errorCode` of the record; or, where it has none, the status of the job that ended without it: `Expired`, `Stopped`,
   * `PartiallyCompleted`, also `Completed`.
   */
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** A Converse input without its model. */
export type BatchInput = Readonly<Record<string, unknown>>;
