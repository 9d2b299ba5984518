import type { ResourceTag } from '../control/tags.js';
import type { MetadataFilter } from './metadata-filter.js';

/** Status of a model-customization job [SDK type `ModelCustomizationJobStatus`]. */
export type CustomizationJobStatus = 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';

/** The stages of a distillation job, in their order [SDK type `StatusDetails`]. */
export const CUSTOMIZATION_STAGES = ['validation', 'dataProcessing', 'training'] as const;

/** A stage of a distillation job. */
export type CustomizationStage = (typeof CUSTOMIZATION_STAGES)[number];

/** Where a stage stands [SDK type `JobStatusDetails`]. */
export interface StageState {
  readonly status: 'NotStarted' | 'InProgress' | 'Completed' | 'Failed' | 'Stopped';
  readonly creationTimeMs?: number;
  readonly lastModifiedTimeMs?: number;
}

/** Where the prompts of a job come from: a file of prompts, or invocation logs. */
export type TrainingSource =
  | { readonly kind: 'prompts'; readonly s3Uri: string }
  | {
      readonly kind: 'logs';
      readonly s3Uri: string;
      /** Whether the logged answers of the teacher are learnt, instead of new ones. */
      readonly usePromptResponse: boolean;
      readonly filter: MetadataFilter | undefined;
    };

/** A CreateModelCustomizationJob request of the type DISTILLATION that passed validation. */
export interface CustomizationJobRequest {
  readonly jobName: string;
  readonly customModelName: string;
  readonly roleArn: string;
  /** As the caller wrote it. */
  readonly baseModelIdentifier: string;
  /** As the caller wrote it. */
  readonly teacherModelIdentifier: string;
  readonly maxResponseLength: number | undefined;
  readonly source: TrainingSource;
  readonly outputS3Uri: string;
  readonly hyperParameters: Readonly<Record<string, string>> | undefined;
  readonly clientRequestToken: string;
  readonly jobTags: readonly ResourceTag[];
  readonly customModelTags: readonly ResourceTag[];
  /** Members that are only repeated, in the API's own shape. */
  readonly repeated: {
    readonly trainingDataConfig: object;
    readonly outputDataConfig: object;
    readonly customizationConfig: object;
  };
}

/** A distillation job; times in milliseconds since the epoch. */
export interface CustomizationJob {
  readonly jobArn: string;
  /** The last part of the ARN. */
  readonly jobId: string;
  readonly request: CustomizationJobRequest;
  readonly baseModelArn: string;
  readonly status: CustomizationJobStatus;
  readonly stages: Readonly<Record<CustomizationStage, StageState>>;
  readonly failureMessage?: string;
  readonly creationTimeMs: number;
  readonly lastModifiedTimeMs: number;
  readonly endTimeMs?: number;
  /** Set when the job has completed. */
  readonly outputModelArn?: string;
}

/** How long the stages of a distillation job last, in milliseconds on the server's clock. */
export type CustomizationTimings = Readonly<Record<`${CustomizationStage}Ms`, number>>;

/** Stages long enough to be seen by a poll, and no longer. */
export const QUICK_CUSTOMIZATION_TIMINGS: CustomizationTimings = {
  validationMs: 20,
  dataProcessingMs: 20,
  trainingMs: 20,
};

/** Whether a job of this status will change no more. */
export const hasEnded = (status: CustomizationJobStatus): boolean =>
  status === 'Completed' || status === 'Failed' || status === 'Stopped';
