/**
 * Derived clients, slots, request views, receipts, and the interfaces between levers.
 * @module
 */
export {
  CostkitError,
  type CostkitErrorOptions,
  InvalidOptionError,
  Money,
  type Usage,
} from '@costkit/pricing';
export type { Calibration } from '@costkit/tokens';
export { type Clock, systemClock } from './clock.js';
export { deriveClient } from './derive-client.js';
export { AlreadyAppliedError } from './errors.js';
export { estimatedTokens, type TokenKnowledge } from './estimated-tokens.js';
export { lazyLever } from './lazy-lever.js';
export type {
  Booking,
  Call,
  CallOutput,
  Counterfactual,
  FitPlan,
  Lever,
  LeverMode,
  NextCall,
  NextCallOptions,
  Slot,
} from './lever.js';
export type {
  BatchQueue,
  BulkAnswer,
  BulkInvoker,
  BulkRecord,
  BulkWork,
  HoldOut,
  Ladder,
  PlannedSpend,
  ProfileMap,
  SpendGuard,
  SpendReservation,
} from './lever-interfaces.js';
export { leverPlugin, settingsPlugin } from './lever-plugin.js';
export {
  checkOptions,
  isAnything,
  isArray,
  isBoolean,
  isFunction,
  isMode,
  isNonNegativeNumber,
  isObject,
  isOneOf,
  isPositiveInteger,
  isShare,
  isText,
  type OptionCheck,
  type OptionChecks,
} from './options.js';
export { perCall } from './per-call.js';
export type { EstimatedTokens } from './prompt-reading.js';
export type { Attempt, AttemptPurpose, Decision, Receipt, Tags } from './receipt.js';
export { onReceipt, type ReceiptListener, receiptOf } from './receipt-registry.js';
export type {
  Block,
  BlockKind,
  CachePoint,
  InferenceOperation,
  Media,
  MediaKind,
  PinnedPart,
  RequestFeatures,
  RequestView,
  Section,
} from './request-view.js';
export type { ResponseView, ToolUse } from './response-view.js';
export { type CollectedReceipts, collectReceipts, currentTags, withTags } from './scope.js';
export type {
  BedrockClientLike,
  BedrockPlugin,
  Handler,
  HandlerArguments,
  HandlerContext,
  HandlerResult,
  Middleware,
  MiddlewareStackLike,
} from './sdk.js';
export type { CoreSettings } from './settings.js';
export type { Store } from './store.js';
export { NO_USAGE, promptTokens } from './usage.js';
