/**
 * Batch inference at half price.
 * @module
 */
export { type Batch, createBatch } from './batch.js';
export { type BatchPlugin, batchClient, batchPlugin } from './batch-plugin.js';
export type { BatchQueueOptions } from './batch-queue-options.js';
export { BatchError, type BatchErrorCode } from './errors.js';
export type { BatchForecast } from './forecast.js';
export { fileJournal, type Journal, type JournalEntry, memoryJournal } from './journal.js';
export type {
  BatchClock,
  BatchFailure,
  BatchInput,
  BatchJobOptions,
  BatchOptions,
  BatchProgress,
  BatchResult,
  BatchSuccess,
  BedrockControlClient,
  OnDemandClient,
  S3ClientLike,
} from './types.js';
