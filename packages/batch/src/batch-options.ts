import {
  isFunction,
  isMode,
  isObject,
  isPositiveInteger,
  isText,
  type OptionCheck,
  type OptionChecks,
} from '@costkit/core';
import type { BatchQueueOptions } from './batch-queue-options.js';
import type { BatchJobOptions, BatchOptions } from './types.js';

const isRoleArn: OptionCheck = (value) =>
  /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(String(value)) ? undefined : 'must be the ARN of an IAM role';

const isTimeout: OptionCheck = (value) =>
  Number.isInteger(value) && (value as number) >= 24 && (value as number) <= 168
    ? undefined
    : 'must be a whole number of hours from 24 to 168';

const isAmount: OptionCheck = (value) =>
  Number.isFinite(Number(value)) && Number(value) > 0 ? undefined : 'must be an amount of dollars above 0';

const hasMethods =
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

/** What the options of `createBatch` must be. */
export const BATCH_CHECKS: OptionChecks<BatchOptions> = {
  ...JOB_CHECKS,
  model: isText,
  models: isObject,
  journal: isJournal,
  maxUsd: isAmount,
  budget: hasMethods('reserve'),
  tags: isObject,
  priceOverrides: (value) => (Array.isArray(value) ? undefined : 'must be an array'),
  onDemand: isClient,
  onProgress: isFunction,
};

/** What the options of `batchPlugin` and `batchClient` must be. */
export const QUEUE_CHECKS: OptionChecks<BatchQueueOptions> = {
  ...JOB_CHECKS,
  when: isFunction,
  maxWaitMs: isPositiveInteger,
  maxRecords: isPositiveInteger,
  onProgress: isFunction,
  journal: isJournal,
  mode: isMode,
};

/** Options without which nothing can run; a type alone does not stop a caller in JavaScript. */
export const REQUIRED = ['bedrock', 's3', 'bucket', 'roleArn'] as const;
