import type { ResourceTag } from '../control/tags.js';

/** Statuses of a model-invocation job [SDK type `ModelInvocationJobStatus`]. */
export const BATCH_JOB_STATUSES = [
  'Submitted',
  'Validating',
  'Scheduled',
  'InProgress',
  'Completed',
  'PartiallyCompleted',
  'Failed',
  'Stopping',
  'Stopped',
  'Expired',
] as const;

/** Status of a model-invocation job. */
export type BatchJobStatus = (typeof BATCH_JOB_STATUSES)[number];

const ENDED: ReadonlySet<BatchJobStatus> = new Set([
  'Completed',
  'PartiallyCompleted',
  'Failed',
  'Stopped',
  'Expired',
]);

/** Whether a job of this status will change no more. */
export const hasEnded = (status: BatchJobStatus): boolean => ENDED.has(status);

/** A CreateModelInvocationJob request that passed validation. */
export interface BatchJobRequest {
  readonly jobName: string;
  readonly roleArn: string;
  /** As the caller wrote it: id, profile or ARN. */
  readonly modelId: string;
  readonly modelInvocationType: 'InvokeModel' | 'Converse';
  readonly inputDataConfig: {
    readonly s3InputDataConfig: {
      readonly s3Uri: string;
      readonly s3InputFormat?: 'JSONL';
      readonly s3BucketOwner?: string;
    };
  };
  readonly outputDataConfig: {
    readonly s3OutputDataConfig: {
      readonly s3Uri: string;
      readonly s3EncryptionKeyId?: string;
      readonly s3BucketOwner?: string;
    };
  };
  readonly vpcConfig?: {
    readonly subnetIds: readonly string[];
    readonly securityGroupIds: readonly string[];
  };
  readonly timeoutDurationInHours: number;
  readonly clientRequestToken: string;
  readonly tags: readonly ResourceTag[];
}

/** How many records of a job are what. All 0 until its files are validated. */
export interface BatchJobCounts {
  readonly totalRecordCount: number;
  readonly processedRecordCount: number;
  readonly successRecordCount: number;
  readonly errorRecordCount: number;
}

/** A model-invocation job as GetModelInvocationJob shows it; times in milliseconds since the epoch. */
export interface BatchJob extends BatchJobCounts {
  readonly jobArn: string;
  /** The last part of the ARN, after which the output folder is named. */
  readonly jobId: string;
  readonly request: BatchJobRequest;
  readonly status: BatchJobStatus;
  /** Why the job failed. */
  readonly message?: string;
  readonly submitTimeMs: number;
  readonly lastModifiedTimeMs: number;
  readonly endTimeMs?: number;
  readonly expirationTimeMs: number;
}

/** How long the stages of a job last, in milliseconds on the server's clock. */
export interface BatchTimings {
  /** In the status Submitted. */
  readonly submittedMs: number;
  /** In the status Validating. */
  readonly validatingMs: number;
  /** In the status Scheduled. */
  readonly scheduledMs: number;
  /** Per record, in the status InProgress. */
  readonly recordMs: number;
  /** In the status Stopping. */
  readonly stoppingMs: number;
}

/** Stages long enough to be seen by a poll, and no longer: for a bench on the system clock. */
export const QUICK_BATCH_TIMINGS: BatchTimings = {
  submittedMs: 20,
  validatingMs: 20,
  scheduledMs: 20,
  recordMs: 0,
  stoppingMs: 20,
};

/**
 * Stages as a user of the service measured them: about five minutes until a job starts, 9 to 25 minutes in all
 * for some hundred records (third-party). For clocks that a test moves.
 */
export const REALISTIC_BATCH_TIMINGS: BatchTimings = {
  submittedMs: 30_000,
  validatingMs: 60_000,
  scheduledMs: 210_000,
  recordMs: 2_000,
  stoppingMs: 30_000,
};

/** Ends a job early, or gives one record an error. */
export type BatchInterruption =
  /** As StopModelInvocationJob does: what was processed is written. */
  | { readonly kind: 'stop' }
  /** The job's time is up: what was processed is written. */
  | { readonly kind: 'partiallyComplete' }
  /** As above, under the other name that users have met. */
  | { readonly kind: 'expire' }
  /**
   * The job fails. Whether the service writes what was processed until then is not known.
   * `partialOutput`: whether to write it; by default it is (assumed).
   */
  | { readonly kind: 'fail'; readonly message: string; readonly partialOutput?: boolean }
  /** The record is answered with an error, and is not run. */
  | { readonly kind: 'recordError'; readonly errorCode: number; readonly errorMessage: string };

/** What goes wrong with batch jobs, as a test asks for it. */
export interface BatchTrouble {
  /** Asked before each record of a job; records are counted from 0. */
  beforeRecord?(record: {
    readonly job: BatchJob;
    readonly index: number;
    readonly recordId: string;
  }): BatchInterruption | undefined;
  /** Asked before each access to S3; a text is why it fails. */
  beforeStorage?(access: {
    readonly job: BatchJob;
    readonly operation: 'list' | 'read' | 'write';
    readonly bucket: string;
    readonly key: string;
  }): string | undefined;
}

/** The event that EventBridge gets when a job changes its status [user guide, monitoring with EventBridge]. */
export interface BatchJobStateChange {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': 'Batch Inference Job State Change';
  readonly source: 'aws.bedrock';
  readonly account: string;
  /** ISO time. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: {
    readonly version: '0.0';
    readonly accountId: string;
    readonly batchJobName: string;
    readonly batchJobArn: string;
    readonly batchModelId: string;
    readonly status: BatchJobStatus;
    readonly failureMessage: string;
    /** Milliseconds since the epoch. */
    readonly creationTime: number;
  };
}
