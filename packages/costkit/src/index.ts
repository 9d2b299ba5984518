/**
 * The cheapest Amazon Bedrock call that still does the job: every costkit lever around the client you have.
 * @module
 */
export {
  AlreadyAppliedError,
  CostkitError,
  collectReceipts,
  type Decision,
  InvalidOptionError,
  Money,
  onReceipt,
  type Receipt,
  receiptOf,
  type Tags,
  withTags,
} from '@costkit/core';
export { costkit, meterOf } from './costkit.js';
export type { CostkitConfig } from './costkit-config.js';
