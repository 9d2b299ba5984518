/**
 * Batch inference at half price.
 * @module
 */
export { type Batch, createBatch } from './batch.js';
export { type BatchPlugin, batchClient, batchPlugin } from './batch-plugin.js';
export type { BatchQueueOptions } from './batch-queue-options.js';
export type { BatchJobStatus, BatchStatus } from './batch-status.js';
export { type BulkInvokerOptions, bulkInvoker } from './bulk-invoker.js';
export {
  type DynamoDbClientLike,
  type DynamoDbJournalOptions,
  dynamoDbJournal,
} from './dynamodb-journal.js';
export { BatchError, type BatchErrorCode } from './errors.js';
export { fileJournal } from './file-journal.js';
export { csvRecords, jsonlRecords, parquetRecords, type RecordOfRow, type TableRow } from './file-sources.js';
export type { BatchForecast, ForecastAlternative, ForecastCost } from './forecast.js';
export { type Journal, type JournalEntry, memoryJournal, type StagedShard } from './journal.js';
export { type S3JournalOptions, s3Journal } from './s3-journal.js';
export type { BatchRecord, BatchSource } from './source.js';
export type {
  BatchClock,
  BatchFailure,
  BatchInput,
  BatchJobOptions,
  BatchOptions,
  BatchProgress,
  BatchQuotas,
  BatchResult,
  BatchSuccess,
  BatchTotals,
  BedrockControlClient,
  OnDemandClient,
  PolicyTier,
  S3ClientLike,
  TaskPolicyOptions,
} from './types.js';
