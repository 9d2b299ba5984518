/**
 * Names of OpenTelemetry's semantic conventions for generative AI (status: development), as the last release that
 * held them has them; and, for what they have no name for, our own below `costkit.`.
 */
export const METRIC = {
  tokenUsage: 'gen_ai.client.token.usage',
  duration: 'gen_ai.client.operation.duration',
  timeToFirstChunk: 'gen_ai.client.operation.time_to_first_chunk',
  cost: 'costkit.cost',
  saved: 'costkit.saved',
  tokens: 'costkit.tokens',
  cacheHitRate: 'costkit.cache.hit_rate',
  unpriced: 'costkit.calls.unpriced',
  estimated: 'costkit.calls.estimated',
} as const;

export const ATTRIBUTE = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  requestStream: 'gen_ai.request.stream',
  responseModel: 'gen_ai.response.model',
  finishReasons: 'gen_ai.response.finish_reasons',
  timeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  tokenType: 'gen_ai.token.type',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cacheReadTokens: 'gen_ai.usage.cache_read.input_tokens',
  cacheWriteTokens: 'gen_ai.usage.cache_creation.input_tokens',
  errorType: 'error.type',
  calls: 'costkit.calls',
  unpriced: 'costkit.calls.unpriced',
  estimated: 'costkit.calls.estimated',
  costUsd: 'costkit.cost.usd',
  baselineUsd: 'costkit.baseline.usd',
  savedUsd: 'costkit.saved.usd',
  cacheHitRate: 'costkit.cache.hit_rate',
  latency: 'costkit.latency.seconds',
  receiptId: 'costkit.receipt.id',
  mode: 'costkit.pricing.mode',
  scope: 'costkit.pricing.scope',
  tokenKind: 'costkit.token.kind',
} as const;

/** Stands before the name of a tag. */
export const TAG_PREFIX = 'costkit.tag.';

export const PROVIDER = 'aws.bedrock';

/** Bucket boundaries that the conventions give for durations, in seconds. */
export const DURATION_BUCKETS: number[] = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];

/** Bucket boundaries that the conventions give for counts of tokens. */
export const TOKEN_BUCKETS: number[] = [
  1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
];

export const SHARE_BUCKETS: number[] = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];
