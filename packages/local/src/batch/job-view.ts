import type { JsonObject } from '../json.js';
import type { BatchJob, BatchJobStateChange } from './batch-job.js';

/** A job as GetModelInvocationJob and ListModelInvocationJobs answer it. */
export const jobView = (job: BatchJob): JsonObject => {
  const { tags: _tags, ...request } = job.request;
  return {
    ...request,
    jobArn: job.jobArn,
    status: job.status,
    ...(job.message === undefined ? {} : { message: job.message }),
    submitTime: new Date(job.submitTimeMs).toISOString(),
    lastModifiedTime: new Date(job.lastModifiedTimeMs).toISOString(),
    ...(job.endTimeMs === undefined ? {} : { endTime: new Date(job.endTimeMs).toISOString() }),
    jobExpirationTime: new Date(job.expirationTimeMs).toISOString(),
    totalRecordCount: job.totalRecordCount,
    processedRecordCount: job.processedRecordCount,
    successRecordCount: job.successRecordCount,
    errorRecordCount: job.errorRecordCount,
  };
};

/** The event that tells of a job's new status. */
export const stateChange = (
  job: BatchJob,
  options: {
    readonly id: string;
    readonly atMs: number;
    readonly region: string;
    readonly accountId: string;
  },
): BatchJobStateChange => ({
  version: '0',
  id: options.id,
  'detail-type': 'Batch Inference Job State Change',
  source: 'aws.bedrock',
  account: options.accountId,
  time: new Date(options.atMs).toISOString(),
  region: options.region,
  resources: [job.jobArn],
  detail: {
    version: '0.0',
    accountId: options.accountId,
    batchJobName: job.request.jobName,
    batchJobArn: job.jobArn,
    batchModelId: job.request.modelId,
    status: job.status,
    failureMessage: job.message ?? '',
    creationTime: job.submitTimeMs,
  },
});
