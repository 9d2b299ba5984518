import { BATCH_JOB_STATUSES, type BatchJob } from '../batch/batch-job.js';
import type { BatchJobs } from '../batch/batch-jobs.js';
import { jobView } from '../batch/job-view.js';
import type { JsonObject } from '../json.js';
import { createConstraints } from './constraints.js';
import { pageOf } from './paging.js';

const JOB_IDENTIFIER =
  /((arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:model-invocation-job\/)?[a-z0-9]{12})/;
const JOB_NAME = /[a-zA-Z0-9]{1,63}(-*[a-zA-Z0-9+\-.]){0,63}/;

/** ListModelInvocationJobs: the newest first unless told otherwise (assumed). @throws BedrockFault `ValidationException` */
export const listInvocationJobs = (jobs: BatchJobs, query: URLSearchParams): JsonObject => {
  const constraints = createConstraints();
  const text = (
    name: string,
    constraint: { pattern?: RegExp; oneOf?: readonly string[] },
  ): string | undefined => constraints.text(name, query.get(name) ?? undefined, constraint);
  const time = (name: string): number | undefined => {
    const value = query.get(name);
    const ms = value === null ? undefined : Date.parse(value);
    return Number.isNaN(ms) ? constraints.reject(name, value, 'Member must be a timestamp') : ms;
  };
  const status = text('statusEquals', { oneOf: BATCH_JOB_STATUSES });
  const name = text('nameContains', { pattern: JOB_NAME });
  const after = time('submitTimeAfter');
  const before = time('submitTimeBefore');
  text('sortBy', { oneOf: ['CreationTime'] });
  const order = text('sortOrder', { oneOf: ['Ascending', 'Descending'] });
  constraints.done();
  const matching = jobs
    .list()
    .filter(
      (job) =>
        (status === undefined || job.status === status) &&
        (name === undefined || job.request.jobName.includes(name)) &&
        (after === undefined || job.submitTimeMs > after) &&
        (before === undefined || job.submitTimeMs < before),
    );
  const sorted = order === 'Ascending' ? matching : matching.toReversed();
  const { entries, nextToken } = pageOf<BatchJob>(sorted, query, ({ jobId }) => jobId);
  return { invocationJobSummaries: entries.map(jobView), ...(nextToken === undefined ? {} : { nextToken }) };
};

/** The identifier of a job in a request's path. @throws BedrockFault `ValidationException` */
export const checkJobIdentifier = (identifier: string): string => {
  const constraints = createConstraints();
  constraints.text('jobIdentifier', identifier, { required: true, maxLength: 1011, pattern: JOB_IDENTIFIER });
  constraints.done();
  return identifier;
};
