import type { CatalogueModel } from '@costkit/pricing/catalogue';
import type { BatchJobStateChange, BatchTimings, BatchTrouble } from './batch/batch-job.js';
import type { BatchLimits } from './batch/batch-limits.js';
import type { LocalClock, LoggingConfiguration } from './contract.js';
import type { CustomizationTimings } from './customization/customization-job.js';
import { GUARDRAIL_POLICIES, type LocalGuardrail } from './engine/guardrail.js';
import { invalidOption } from './errors.js';
import type { LocalModel } from './models/local-model.js';
import type { Tokenizer } from './money/tokenizer.js';
import type { ModelQuota } from './quotas/token-buckets.js';
import type { StoredPrompt } from './runtime/stored-prompts.js';
import { TROUBLE_TYPES, type TroubleRule } from './trouble/trouble.js';

/** Options of {@link startLocalBedrock}. */
export interface LocalBedrockOptions {
  /** Port to listen on; 0 takes a free one. @defaultValue 0 */
  readonly port?: number;
  /** Loopback address to listen on; others are refused. @defaultValue `"127.0.0.1"` */
  readonly host?: string;
  /** Region of the account; a request signed for another Region is served and billed as in that one. @defaultValue `"us-east-1"` */
  readonly region?: string;
  /** Twelve digits. @defaultValue `"123456789012"` */
  readonly accountId?: string;
  /** Time for cache lifetimes, jobs, quotas and prices. @defaultValue {@link systemClock} */
  readonly clock?: LocalClock;
  /**
   * Models by id as called, by the name of a custom model or by foundation-model id; `*` stands for all others.
   * @defaultValue {@link proseModel} for every id
   */
  readonly models?: Readonly<Record<string, LocalModel>>;
  /** Answers depend on it and on nothing else that changes from run to run. @defaultValue `"costkit"` */
  readonly seed?: string;
  /**
   * Chance (0 to 1) that a request without cache points reads a prefix it shares with an earlier one. The service
   * does this at a rate it does not publish. @defaultValue 0
   */
  readonly implicitCacheHitRate?: number;
  /** Quotas by model id as called or foundation-model id; `*` for all others. @defaultValue none */
  readonly quotas?: Readonly<Record<string, ModelQuota>>;
  /** Ids of foundation models for which the account holds reserved capacity. @defaultValue none */
  readonly reservedModels?: readonly string[];
  /** Script of what goes wrong. @defaultValue nothing */
  readonly trouble?: readonly TroubleRule[];
  /** Counts tokens. @defaultValue `o200k_base` for every model (assumed) */
  readonly tokenizer?: Tokenizer;
  /** Rows to bill by instead of the published ones, for tests that plant faults. @defaultValue the catalogue of `@costkit/pricing` */
  readonly catalogue?: ReadonlyMap<string, CatalogueModel>;
  /**
   * Folder for what outlives a run: S3 objects. What an earlier run left in it is served again.
   * @defaultValue a temporary folder, removed by `stop()`
   */
  readonly dataFolder?: string;
  /** S3 buckets to create when they are missing. @defaultValue none */
  readonly buckets?: readonly string[];
  /**
   * Invocation logging from the start: `{ folder }` writes below a folder of this machine, the API's own form into a
   * bucket of the local S3. `PutModelInvocationLoggingConfiguration` changes it. @defaultValue off
   */
  readonly logging?: LoggingConfiguration | FolderLogging;
  /** How batch jobs run. @defaultValue quick, with the service's quotas */
  readonly batch?: LocalBatchOptions;
  /** How distillation jobs run. @defaultValue quick */
  readonly customization?: LocalCustomizationOptions;
  /**
   * What ARNs of the account's own resources stand for: ARN to model id or profile. An application profile, a custom
   * deployment and a prompt are billed as what they stand for; a provisioned model costs nothing per token; the cost
   * of an imported model, which is billed by time, stays unknown. @defaultValue none
   */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Prompts of Prompt management, by ARN, for Converse. @defaultValue none */
  readonly prompts?: Readonly<Record<string, StoredPrompt>>;
  /**
   * Prompt routers: ARN to the ids it chooses from. The choice depends on the seed and the request alone; the answer's
   * trace names it, and it is billed without a router fee, which is not established. @defaultValue none
   */
  readonly promptRouters?: Readonly<Record<string, readonly string[]>>;
  /** Guardrails by identifier, as requests name them; others are refused. @defaultValue none */
  readonly guardrails?: Readonly<Record<string, LocalGuardrail>>;
  /** Time between two frames of a stream, on the clock. @defaultValue 0 */
  readonly frameIntervalMs?: number;
  /** How many requests `requests()` remembers. @defaultValue 10000 */
  readonly mostRequestRecords?: number;
}

/** Invocation logging into a folder, laid out like the keys of a bucket. */
export interface FolderLogging extends Omit<LoggingConfiguration, 's3Config' | 'cloudWatchConfig'> {
  readonly folder: string;
}

/** How batch jobs run. */
export interface LocalBatchOptions {
  /** How long the stages of a job last. @defaultValue {@link QUICK_BATCH_TIMINGS} */
  readonly timings?: Partial<BatchTimings>;
  /** Quotas. @defaultValue {@link DEFAULT_BATCH_LIMITS} */
  readonly limits?: Partial<BatchLimits>;
  /** What goes wrong inside jobs. @defaultValue nothing */
  readonly trouble?: BatchTrouble;
  /** Told of every change of status, as EventBridge would be. */
  readonly onStateChange?: (event: BatchJobStateChange) => void;
  /** Records of one job that run at the same time. @defaultValue 8 */
  readonly concurrency?: number;
}

/** How distillation jobs run. The teacher really answers and is billed; nothing is really trained. */
export interface LocalCustomizationOptions {
  /** How long the stages of a job last, in milliseconds. @defaultValue 20 each */
  readonly timings?: Partial<CustomizationTimings>;
}

/** The account when no option names one. */
export const DEFAULT_ACCOUNT_ID = '123456789012';
/** The seed when no option names one. */
export const DEFAULT_SEED = 'costkit';

const LOOPBACK = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|localhost)$/;

type Check = (value: unknown) => string | undefined;

const isRecord: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'must be an object';
const isText: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'must be a text');
const isArray: Check = (value) => (Array.isArray(value) ? undefined : 'must be an array');
const isFullArray: Check = (value) =>
  isArray(value) ?? ((value as unknown[]).length > 0 ? undefined : 'must not be empty');
const isWhole =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? undefined
      : `must be a whole number from ${least} to ${most}`;
const hasMethods =
  (...names: readonly string[]): Check =>
  (value) =>
    isRecord(value) === undefined &&
    names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function')
      ? undefined
      : `must have the methods ${names.join(' and ')}`;

const firstUnknown = (names: readonly string[], known: readonly string[]): string | undefined => {
  const unknown = names.find((name) => !known.includes(name));
  return unknown === undefined ? undefined : `has an unknown member "${unknown}". Known: ${known.join(', ')}`;
};
const hasOnly =
  (...known: readonly string[]): Check =>
  (value) =>
    isRecord(value) ?? firstUnknown(Object.keys(value as object), known);
const everyValue =
  (check: Check): Check =>
  (value) => {
    if (typeof value !== 'object' || value === null) return 'must be an object';
    for (const [key, member] of Object.entries(value)) {
      const problem = check(member);
      if (problem !== undefined) return `is wrong at ${key}: it ${problem}`;
    }
    return undefined;
  };
const isTroubleRule: Check = (value) => {
  const unknown = hasOnly('operation', 'modelId', 'calls', 'action')(value);
  if (unknown !== undefined) return unknown;
  const type = ((value as TroubleRule).action as { readonly type?: unknown } | undefined)?.type;
  return TROUBLE_TYPES.some((known) => known === type)
    ? undefined
    : `must have an action of a known type: ${TROUBLE_TYPES.join(', ')}`;
};
const isQuota: Check = (value) =>
  hasOnly('requestsPerMinute', 'tokensPerMinute', 'tokensPerDay')(value) ??
  everyValue((limit) =>
    typeof limit === 'number' && limit >= 0 ? undefined : 'must be a number of at least 0',
  )(value);
const isGuardrail: Check = (value) =>
  hasOnly('policies')(value) ??
  isArray((value as Partial<LocalGuardrail>).policies) ??
  firstUnknown((value as LocalGuardrail).policies, GUARDRAIL_POLICIES);
const DELIVERY_FLAGS = ['text', 'image', 'embedding', 'video', 'audio'].map(
  (kind) => `${kind}DataDeliveryEnabled`,
);

const CHECKS: { readonly [Name in keyof Required<LocalBedrockOptions>]: Check } = {
  port: isWhole(0, 65_535),
  host: (value) =>
    typeof value === 'string' && LOOPBACK.test(value)
      ? undefined
      : 'must be a loopback address such as 127.0.0.1: the server checks no signatures and is for this machine alone',
  region: (value) =>
    typeof value === 'string' && /^[a-z]{2}(-[a-z]+)+-\d$/.test(value)
      ? undefined
      : 'must be a Region such as us-east-1',
  accountId: (value) =>
    typeof value === 'string' && /^\d{12}$/.test(value) ? undefined : 'must be twelve digits in a text',
  clock: hasMethods('now', 'sleep'),
  models: (value) =>
    isRecord(value) ??
    (Object.values(value as object).every((model) => hasMethods('answer')(model) === undefined)
      ? undefined
      : 'must hold models only, such as simulatedModel(…)'),
  seed: isText,
  implicitCacheHitRate: (value) =>
    typeof value === 'number' && value >= 0 && value <= 1 ? undefined : 'must be a number from 0 to 1',
  quotas: (value) => isRecord(value) ?? everyValue(isQuota)(value),
  reservedModels: (value) => isArray(value) ?? everyValue(isText)(value),
  trouble: (value) => isArray(value) ?? everyValue(isTroubleRule)(value),
  tokenizer: hasMethods('count'),
  catalogue: (value) => (value instanceof Map ? undefined : 'must be a Map of catalogue rows by model id'),
  dataFolder: isText,
  buckets: (value) => isArray(value) ?? everyValue(isText)(value),
  logging: hasOnly('folder', 's3Config', 'cloudWatchConfig', ...DELIVERY_FLAGS),
  batch: hasOnly('timings', 'limits', 'trouble', 'onStateChange', 'concurrency'),
  customization: (value) =>
    hasOnly('timings')(value) ??
    hasOnly(
      'validationMs',
      'dataProcessingMs',
      'trainingMs',
    )((value as LocalCustomizationOptions).timings ?? {}) ??
    everyValue(isWhole(0, Number.MAX_SAFE_INTEGER))((value as LocalCustomizationOptions).timings ?? {}),
  aliases: (value) => isRecord(value) ?? everyValue(isText)(value),
  prompts: (value) => isRecord(value) ?? everyValue(hasOnly('modelId', 'text'))(value),
  promptRouters: (value) => isRecord(value) ?? everyValue(isFullArray)(value),
  guardrails: (value) => isRecord(value) ?? everyValue(isGuardrail)(value),
  frameIntervalMs: isWhole(0, 3_600_000),
  mostRequestRecords: isWhole(1, 10_000_000),
};

/**
 * Checks options before anything is started.
 *
 * @throws {@link LocalBedrockError} `COSTKIT_INVALID_OPTION` for an unknown option or a value that cannot be used.
 */
export function checkOptions(options: LocalBedrockOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(CHECKS, name)) {
      throw invalidOption(name, `is unknown. Known options: ${Object.keys(CHECKS).join(', ')}`);
    }
    if (value === undefined) continue;
    const problem = CHECKS[name as keyof LocalBedrockOptions](value);
    if (problem !== undefined) throw invalidOption(name, problem);
  }
}
