import {
  checkOptions,
  InvalidOptionError,
  isArray,
  isBoolean,
  isFunction,
  isMode,
  isObject,
  isOneOf,
  isPositiveInteger,
  isText,
  type OptionCheck,
  type OptionChecks,
} from '@costkit/core';
import type { BatchQueueOptions } from './batch-queue-options.js';
import type { BulkInvokerOptions } from './bulk-invoker.js';
import { MIN_RECORDS } from './constants.js';
import type { BatchJobOptions, BatchOptions, BatchQuotas, TaskPolicyOptions } from './types.js';

const isRoleArn: OptionCheck = (value) =>
  /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(String(value)) ? undefined : 'must be the ARN of an IAM role';

const isTimeout: OptionCheck = (value) =>
  Number.isInteger(value) && (value as number) >= 24 && (value as number) <= 168
    ? undefined
    : 'must be a whole number of hours from 24 to 168';

const isAmount: OptionCheck = (value) =>
  Number.isFinite(Number(value)) && Number(value) > 0 ? undefined : 'must be an amount of dollars above 0';

/** An object with these methods. */
export const hasMethods =
  (...names: readonly string[]): OptionCheck =>
  (value) =>
    names.every((name) => typeof (value as Record<string, unknown> | null)?.[name] === 'function')
      ? undefined
      : `must have the ${names.length === 1 ? 'method' : 'methods'} ${names.join(' and ')}`;

const isClient = hasMethods('send');
const isJournal = hasMethods('append', 'entries');

const isSignal: OptionCheck = (value) =>
  value instanceof AbortSignal ? undefined : 'must be an AbortSignal';

const JOB_CHECKS: OptionChecks<BatchJobOptions> = {
  bedrock: isClient,
  s3: isClient,
  bucket: isText,
  roleArn: isRoleArn,
  prefix: isText,
  timeoutHours: isTimeout,
  pollMs: isPositiveInteger,
  clock: hasMethods('now', 'sleep'),
  signal: isSignal,
};

const isDate: OptionCheck = (value) =>
  value instanceof Date && !Number.isNaN(value.getTime()) ? undefined : 'must be a valid Date';

const isSource: OptionCheck = (value) =>
  typeof value === 'function' ||
  (typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value))
    ? undefined
    : 'must be an iterable, an async iterable or a function that opens one';

const isCount: OptionCheck = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : 'must be a whole number, 0 or more';

/** What the options of `createBatch` must be. */
export const BATCH_CHECKS: OptionChecks<BatchOptions> = {
  ...JOB_CHECKS,
  model: isText,
  models: isObject,
  source: isSource,
  journal: isJournal,
  name: isText,
  maxUsd: isAmount,
  budget: hasMethods('reserve'),
  tags: isObject,
  policy: isObject,
  priceOverrides: isArray,
  onDemand: isClient,
  deadline: isDate,
  reserveMs: isPositiveInteger,
  retries: isCount,
  mergeIdentical: isBoolean,
  order: isOneOf('any', 'input'),
  quotas: isObject,
  onProgress: isFunction,
};

/** What `policy` of `createBatch` must be. */
export const POLICY_CHECKS: OptionChecks<TaskPolicyOptions> = {
  tiers: isArray,
  policy: isObject,
  task: isText,
  allowAbove: isBoolean,
};

const QUOTA_CHECKS: OptionChecks<BatchQuotas> = {
  minRecords: isPositiveInteger,
  maxRecords: isPositiveInteger,
  maxBytes: isPositiveInteger,
  maxOpenJobs: isPositiveInteger,
};

/** What `quotas` must be: by them every job must find enough records. @throws `InvalidOptionError` */
export function checkQuotas(quotas: BatchQuotas): void {
  checkOptions<BatchQuotas>('batch', quotas, QUOTA_CHECKS, 'quotas.');
  const { minRecords = MIN_RECORDS, maxRecords = 2 * minRecords } = quotas;
  if (maxRecords >= 2 * minRecords) return;
  throw new InvalidOptionError(
    'batch',
    'quotas.maxRecords',
    `must be at least twice minRecords, which is ${minRecords}`,
  );
}

/** Fewer than a job takes would never be one. */
const isJobSize: OptionCheck = (value) =>
  Number.isSafeInteger(value) && (value as number) >= MIN_RECORDS
    ? undefined
    : `must be a whole number, at least the ${MIN_RECORDS} that a job takes`;

/** What the options of `batchPlugin` and `batchClient` must be. */
export const QUEUE_CHECKS: OptionChecks<BatchQueueOptions> = {
  ...JOB_CHECKS,
  when: isFunction,
  maxWaitMs: isPositiveInteger,
  maxRecords: isJobSize,
  onProgress: isFunction,
  journal: isJournal,
  mode: isMode,
};

/** What the options of `bulkInvoker` must be. */
export const BULK_CHECKS: OptionChecks<BulkInvokerOptions> = {
  ...JOB_CHECKS,
  journal: isJournal,
  models: isObject,
  priceOverrides: isArray,
  quotas: isObject,
  onProgress: isFunction,
};

/** Options without which nothing can run; a type alone does not stop a caller in JavaScript. */
export const REQUIRED = ['bedrock', 's3', 'bucket', 'roleArn'] as const;
