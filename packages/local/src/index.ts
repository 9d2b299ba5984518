export { createManualClock, type ManualClock, systemClock } from './clock.js';
export type { CallMode, LocalClock } from './contract.js';
export { LocalBedrockError, type LocalBedrockErrorCode } from './errors.js';
export type {
  AnswerPart,
  LocalModel,
  ModelAnswer,
  ModelRequest,
  ModelStopReason,
} from './models/local-model.js';
export { type ProseModelOptions, proseModel, type TokenLength } from './models/prose-model.js';
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
export type { LocalBedrockOptions } from './options.js';
export type {
  Prompt,
  PromptBlock,
  PromptMessage,
  PromptThinking,
  PromptTool,
  PromptToolChoice,
} from './prompt.js';
export type { ModelQuota } from './quotas/token-buckets.js';
export {
  type LocalBedrock,
  type LocalClientConfig,
  type LocalCredentials,
  startLocalBedrock,
} from './start-local-bedrock.js';
export type { TroubleAction, TroubleRule } from './trouble/trouble.js';
export type { RequestRecord } from './wire/request-book.js';
