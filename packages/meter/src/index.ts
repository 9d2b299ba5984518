export type { MediaKind } from '@costkit/core';
export type { BudgetAlert, LoopAlert, MeterAlert, StoreAlert } from './alert.js';
export type { Budget, BudgetAccount, BudgetAction } from './budget.js';
export type { BudgetBalance, BudgetEntry, BudgetStore, ReserveOutcome } from './budget-store.js';
export { callbackSink } from './callback-sink.js';
export type { BuiltInDimension, Dimension } from './dimensions.js';
export {
  type BudgetExceeded,
  BudgetExceededError,
  BudgetStoreError,
  BudgetUncheckableError,
  LoopBreakerError,
} from './errors.js';
export { type JsonlRotationOptions, type JsonlSinkOptions, jsonlSink } from './jsonl-sink.js';
export type { LedgerOptions, ReportOptions } from './ledger.js';
export type { Totals } from './ledger-row.js';
export type { LoopBreakerOptions } from './loop-breaker-options.js';
export { type MemoryBudgetStoreOptions, memoryBudgetStore } from './memory-budget-store.js';
export { type MemorySink, type MemorySinkOptions, memorySink } from './memory-sink.js';
export { createMeter, type Meter } from './meter.js';
export type { MeterOptions } from './meter-options.js';
export type { Period } from './period-bounds.js';
export { type AttemptJson, type DecisionJson, type ReceiptJson, receiptToJson } from './receipt-json.js';
export type { BusinessKey, CostPer, MeterReport, ReportRow } from './report-groups.js';
export type { Sink, SinkFailure } from './sink.js';
export { meterPlugin, type SharedMeter, withMeter } from './with-meter.js';
