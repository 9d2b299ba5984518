export {
  type BatchInterruption,
  type BatchJob,
  type BatchJobCounts,
  type BatchJobRequest,
  type BatchJobStateChange,
  type BatchJobStatus,
  type BatchTimings,
  type BatchTrouble,
  QUICK_BATCH_TIMINGS,
  REALISTIC_BATCH_TIMINGS,
} from './batch/batch-job.js';
export { type BatchLimits, DEFAULT_BATCH_LIMITS } from './batch/batch-limits.js';
export { createManualClock, type ManualClock, systemClock } from './clock.js';
export type { CallMode, LocalClock, LoggingConfiguration } from './contract.js';
export type { CustomizationTimings } from './customization/customization-job.js';
export type { GuardrailPolicy, LocalGuardrail } from './engine/guardrail.js';
export { LocalBedrockError, type LocalBedrockErrorCode } from './errors.js';
export type { JsonObject } from './json.js';
export type {
  AnswerPart,
  LocalModel,
  ModelAnswer,
  ModelRequest,
  ModelStopReason,
} from './models/local-model.js';
export {
  type OpenAiCompatibleModelOptions,
  openAiCompatibleModel,
} from './models/openai-compatible-model.js';
export { type ProseModelOptions, proseModel, type TokenLength } from './models/prose-model.js';
export { type RecordedAnswer, type RecordedModelOptions, recordedModel } from './models/recorded-model.js';
export {
  type BankQuestion,
  BREVITY_PATTERN,
  type BrevityResponse,
  type SimulatedModel,
  type SimulatedModelOptions,
  simulatedModel,
} from './models/simulated-model.js';
export type { Dollars } from './money/dollars.js';
export type { Bill, BillLine } from './money/ledger.js';
export type { BilledAmount, BilledTokens } from './money/rates.js';
export type { Tokenizer } from './money/tokenizer.js';
export type {
  FolderLogging,
  LocalBatchOptions,
  LocalBedrockOptions,
  LocalCustomizationOptions,
} from './options.js';
export type {
  CacheTtl,
  Prompt,
  PromptBlock,
  PromptMessage,
  PromptThinking,
  PromptTool,
  PromptToolChoice,
} from './prompt.js';
export type { ModelQuota } from './quotas/token-buckets.js';
export type { StoredPrompt } from './runtime/stored-prompts.js';
export {
  type LocalBedrock,
  type LocalClientConfig,
  type LocalCredentials,
  startLocalBedrock,
} from './start-local-bedrock.js';
export type { TroubleAction, TroubleRule } from './trouble/trouble.js';
export type { RequestRecord } from './wire/request-book.js';
export type { HttpVersion } from './wire/serve-port.js';
