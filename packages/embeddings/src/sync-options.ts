import {
  type BedrockClientLike,
  type BulkInvoker,
  checkOptions,
  InvalidOptionError,
  isBoolean,
  isFunction,
  isNonNegativeNumber,
  isObject,
  isPositiveInteger,
  isText,
  type OptionCheck,
  type OptionChecks,
  type SpendGuard,
  type Tags,
} from '@costkit/core';
import { checkOverrides, type PriceOverride } from '@costkit/pricing';
import type { RateLimits } from './call-rate.js';
import { type ChunkOptions, checkChunkOptions, DEFAULT_MAX_TOKENS } from './chunk-text.js';
import { type EmbeddingModel, embeddingModel, type ModelChoice } from './embedding-model.js';
import type { EvidenceQuery } from './retrieval-recall.js';
import type { SyncProgress } from './sync-report.js';
import type { DocumentSource, EmbeddingClock, EmbeddingIndex, VectorSink } from './types.js';

/** What `planSync` and `syncEmbeddings` take. */
export interface SyncOptions extends ModelChoice, RateLimits {
  /** A `BedrockRuntimeClient`, bare or wrapped. */
  readonly client: BedrockClientLike;
  /** All documents of the corpus: what the sink holds beside them is deleted. */
  readonly source: DocumentSource;
  /** How documents are cut. @defaultValue at most 512 tokens, or what the model takes */
  readonly chunk?: ChunkOptions;
  /** Where chunks and vectors are kept. @defaultValue `libsqlStore({ file: 'embeddings.db' })` */
  readonly sink?: VectorSink;
  /**
   * What was paid for already. @defaultValue the sink's own; for a sink without one
   * `libsqlStore({ file: 'embeddings.db' })` keeps it
   */
  readonly index?: EmbeddingIndex;
  /**
   * Answers by batch jobs, at half the price: `bulkInvoker` of `@costkit/batch`. Used where the model takes batch jobs and at
   * least `bulkFrom` texts are to be embedded. What its jobs have answered for an earlier sync of the same sink that was
   * killed is kept first. @defaultValue none
   */
  readonly bulk?: BulkInvoker;
  /** Fewer texts than this are not worth a batch job; Bedrock takes none below 100. @defaultValue 100 */
  readonly bulkFrom?: number;
  /**
   * Agrees to embed all again with another model or number of dimensions than the sink holds. `planSync` says what it costs.
   * @defaultValue `false`: such a sync is refused
   */
  readonly migrate?: boolean;
  /** Questions with known evidence: the report of a migration says the recall before and after. @defaultValue none */
  readonly queries?: readonly EvidenceQuery[];
  /** Takes a source without documents as it is, and empties the sink. @defaultValue `false`: it is refused */
  readonly allowEmpty?: boolean;
  /** Refuses to begin what may cost more, in dollars, and stops where it does. @defaultValue no limit */
  readonly maxUsd?: number | string;
  /**
   * Budgets that must have room for all of it before the first call, e.g. a meter. A client with the same budgets would
   * count everything twice. @defaultValue none
   */
  readonly budget?: SpendGuard;
  /** Which budgets it counts in. @defaultValue the tags of the `withTags` in which it is run */
  readonly tags?: Tags;
  /** Negotiated prices for the plan, as `costOf` takes them; receipts follow the client's. @defaultValue none */
  readonly priceOverrides?: readonly PriceOverride[];
  /** Calls at the same time. @defaultValue 8 */
  readonly concurrency?: number;
  /** Times that a throttled or broken call is made again, after the SDK's own attempts. @defaultValue 6 */
  readonly maxRetries?: number;
  /** Wait before the first of them, in milliseconds; it doubles from one to the next. @defaultValue 1000 */
  readonly retryMs?: number;
  /** How long another sync of the same sink is waited for, in milliseconds. @defaultValue 600_000 */
  readonly lockWaitMs?: number;
  /** How long a killed sync keeps others out, in milliseconds. @defaultValue 30_000 */
  readonly lockTtlMs?: number;
  /**
   * How long a sink with an index of its own keeps vectors that no chunk uses any more, in milliseconds: a document that
   * comes back meanwhile is not paid again. `0` forgets them at once. @defaultValue 30 days
   */
  readonly keepUnusedMs?: number;
  /** Told as the work goes on. @defaultValue nobody */
  readonly onProgress?: (progress: SyncProgress) => void;
  /** Ends the work; what was paid is kept. @defaultValue none */
  readonly signal?: AbortSignal;
  /** @defaultValue the machine's clock */
  readonly clock?: EmbeddingClock;
}

const isAmount: OptionCheck = (value) =>
  (typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')) &&
  Number.isFinite(Number(value)) &&
  Number(value) >= 0
    ? undefined
    : 'must be an amount of dollars, 0 or more';

const isRate: OptionCheck = (value) =>
  typeof value === 'number' && value > 0 ? undefined : 'must be a number above 0';

/** An object with these methods. */
export const hasMethods =
  (...names: readonly string[]): OptionCheck =>
  (value) =>
    names.every((name) => typeof (value as Record<string, unknown> | null | undefined)?.[name] === 'function')
      ? undefined
      : `must have the methods ${names.join(', ')}`;

const isSource: OptionCheck = (value) => {
  const isIterable =
    typeof value === 'object' &&
    value !== null &&
    (Symbol.iterator in value || Symbol.asyncIterator in value);
  return isIterable || typeof value === 'function'
    ? undefined
    : 'must be an iterable of documents, or a function that returns one';
};

const CHECKS: OptionChecks<SyncOptions> = {
  client: hasMethods('send'),
  source: isSource,
  chunk: isObject,
  model: isText,
  dimensions: isPositiveInteger,
  models: isObject,
  sink: hasMethods('open', 'list', 'upsert', 'delete', 'query'),
  index: hasMethods('get', 'has', 'put', 'lock', 'unlock'),
  bulk: hasMethods('resume', 'invoke'),
  bulkFrom: isPositiveInteger,
  migrate: isBoolean,
  queries: (value) =>
    Array.isArray(value) && value.length > 0 ? undefined : 'must be an array that is not empty',
  allowEmpty: isBoolean,
  maxUsd: isAmount,
  budget: hasMethods('reserve'),
  tags: isObject,
  priceOverrides: (value) => (Array.isArray(value) ? undefined : 'must be an array'),
  concurrency: isPositiveInteger,
  requestsPerMinute: isRate,
  tokensPerMinute: isRate,
  maxRetries: isNonNegativeNumber,
  retryMs: isNonNegativeNumber,
  lockWaitMs: isNonNegativeNumber,
  lockTtlMs: isPositiveInteger,
  keepUnusedMs: isNonNegativeNumber,
  onProgress: isFunction,
  signal: (value) => (value instanceof AbortSignal ? undefined : 'must be an AbortSignal'),
  clock: hasMethods('now', 'sleep'),
};

/** The model and the sizes of chunks that a sync works with. */
export interface CheckedSync {
  readonly model: EmbeddingModel;
  readonly chunk: ChunkOptions;
}

/**
 * Checks everything that can be wrong before anything is read.
 *
 * @throws `InvalidOptionError`, and what `embeddingModel` throws.
 */
export function checkSyncOptions(options: SyncOptions): CheckedSync {
  checkOptions<SyncOptions>('embeddings', options, CHECKS);
  for (const name of ['client', 'source', 'model'] as const) {
    if (options[name] === undefined) throw new InvalidOptionError('embeddings', name, 'is missing');
  }
  if (options.priceOverrides !== undefined) checkOverrides(options.priceOverrides);
  const { chunk = {} } = options;
  checkChunkOptions(chunk, 'chunk.');
  const model = embeddingModel(options);
  if ((chunk.maxTokens ?? 0) > model.maxTokens) {
    throw new InvalidOptionError(
      'embeddings',
      'chunk.maxTokens',
      `is more than the ${model.maxTokens} that the model takes`,
    );
  }
  return { model, chunk: sizesFor(model, chunk) };
}

/** Of what a model takes; the rest is left for what an estimate may be wrong by. */
const MOST_OF_THE_WINDOW = 0.75;

function sizesFor({ maxTokens, maxCharacters }: EmbeddingModel, chunk: ChunkOptions): ChunkOptions {
  const characters = Math.min(chunk.maxCharacters ?? Number.POSITIVE_INFINITY, maxCharacters);
  return {
    ...chunk,
    maxTokens: chunk.maxTokens ?? Math.min(DEFAULT_MAX_TOKENS, Math.floor(maxTokens * MOST_OF_THE_WINDOW)),
    ...(Number.isFinite(characters) ? { maxCharacters: characters } : {}),
  };
}
