/** Limits of batch inference [AWS General Reference, Amazon Bedrock quotas]. */
export interface BatchLimits {
  /** @defaultValue 100 */
  readonly minRecordsPerJob: number;
  /** @defaultValue 100000 */
  readonly maxRecordsPerFile: number;
  /** @defaultValue 100000 */
  readonly maxRecordsPerJob: number;
  /** @defaultValue 1 GB, in bytes */
  readonly maxFileBytes: number;
  /** @defaultValue 5 GB, in bytes */
  readonly maxJobBytes: number;
  /** Jobs that have not ended, per base model. @defaultValue 100 */
  readonly maxJobsPerModel: number;
}

/** The service's default quotas. */
export const DEFAULT_BATCH_LIMITS: BatchLimits = {
  minRecordsPerJob: 100,
  maxRecordsPerFile: 100_000,
  maxRecordsPerJob: 100_000,
  maxFileBytes: 1024 ** 3,
  maxJobBytes: 5 * 1024 ** 3,
  maxJobsPerModel: 100,
};
