import type { JsonObject } from '../json.js';
import { CUSTOMIZATION_STAGES, type CustomizationJob, type StageState } from './customization-job.js';

const iso = (ms: number): string => new Date(ms).toISOString();

function stageView({ status, creationTimeMs, lastModifiedTimeMs }: StageState): JsonObject {
  return {
    status,
    ...(creationTimeMs === undefined ? {} : { creationTime: iso(creationTimeMs) }),
    ...(lastModifiedTimeMs === undefined ? {} : { lastModifiedTime: iso(lastModifiedTimeMs) }),
  };
}

const statusView = (job: CustomizationJob): JsonObject => ({
  jobArn: job.jobArn,
  jobName: job.request.jobName,
  baseModelArn: job.baseModelArn,
  status: job.status,
  statusDetails: Object.fromEntries(
    CUSTOMIZATION_STAGES.map((name) => [`${name}Details`, stageView(job.stages[name])]),
  ),
  customizationType: 'DISTILLATION',
  creationTime: iso(job.creationTimeMs),
  lastModifiedTime: iso(job.lastModifiedTimeMs),
  ...(job.endTimeMs === undefined ? {} : { endTime: iso(job.endTimeMs) }),
});

/** A job as GetModelCustomizationJob answers it. */
export const jobView = (job: CustomizationJob): JsonObject => {
  const { request } = job;
  return {
    ...statusView(job),
    ...request.repeated,
    outputModelName: request.customModelName,
    ...(job.outputModelArn === undefined ? {} : { outputModelArn: job.outputModelArn }),
    clientRequestToken: request.clientRequestToken,
    roleArn: request.roleArn,
    validationDataConfig: { validators: [] },
    ...(request.hyperParameters === undefined ? {} : { hyperParameters: request.hyperParameters }),
    ...(job.failureMessage === undefined ? {} : { failureMessage: job.failureMessage }),
  };
};

/** A job as ListModelCustomizationJobs answers it. */
export const jobSummary = (job: CustomizationJob): JsonObject => ({
  ...statusView(job),
  customModelName: job.request.customModelName,
  ...(job.outputModelArn === undefined ? {} : { customModelArn: job.outputModelArn }),
});
