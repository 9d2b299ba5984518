import { describe, expect, it } from 'vitest';
import { type Meter, readDimension, readUsageType } from './usage-type.js';

const meter = (meter: Partial<Meter>): Meter => ({
  counts: 'input',
  place: 'regional',
  tier: 'standard',
  longContext: false,
  mantle: false,
  ...meter,
});
const own = (parts: Partial<Meter>): Meter => meter({ regionCode: 'USE1', model: 'NovaLite', ...parts });
const sold = (parts: Partial<Meter>): Meter => meter({ regionCode: 'USE1', ...parts });

describe('readUsageType', () => {
  it.each<[string, Meter]>([
    ['USE1-NovaLite-input-tokens', own({})],
    ['USE1-NovaLite-output-tokens', own({ counts: 'output' })],
    ['USE1-NovaLite-text-input-tokens', own({})],
    ['USE1-NovaLite-cache-read-input-token-count', own({ counts: 'cacheRead' })],
    ['USE1-NovaLite-cache-write-input-token-count', own({ counts: 'cacheWrite' })],
    ['USE1-NovaLite-cache-write-input-token-count-1h', own({ counts: 'cacheWrite', ttl: '1h' })],
    ['USE1-NovaLite-input-tokens-cross-region-global', own({ place: 'global' })],
    ['USE1-NovaLite-input-tokens-batch', own({ tier: 'batch' })],
    ['USE1-NovaLite-input-tokens-flex-cross-region-global', own({ place: 'global', tier: 'flex' })],
    ['USE1-NovaLite-input-tokens-cross-region-global-batch', own({ place: 'global', tier: 'batch' })],
    ['USE1-NovaLite-output-tokens-priority', own({ counts: 'output', tier: 'priority' })],
    [
      'USE1-NovaLite-cache-read-input-token-count-custom-model',
      own({ counts: 'cacheRead', place: 'custom' }),
    ],
    ['USE1-NovaLite-LatencyOptimized-input-tokens', own({ tier: 'latencyOptimized' })],
    [
      'USE1-Claude4Sonnet-cache-read-input-token-count-long-context-cross-region-global',
      own({ model: 'Claude4Sonnet', counts: 'cacheRead', longContext: true, place: 'global' }),
    ],
    [
      'EU-xai.grok-4.6-mantle-input-tokens-global-standard',
      own({ regionCode: 'EU', model: 'xai.grok-4.6', mantle: true, place: 'global' }),
    ],
    [
      'USW2-moonshotai.kimi-k3-mantle-cache-write-tokens-30m-standard',
      own({
        regionCode: 'USW2',
        model: 'moonshotai.kimi-k3',
        mantle: true,
        counts: 'cacheWrite',
        ttl: '30m',
      }),
    ],
    [
      'USE1-nvidia.nemotron-super-3-120b-input-tokens-flex',
      own({ model: 'nvidia.nemotron-super-3-120b', tier: 'flex' }),
    ],
  ])("reads AWS's own %s", (usageType, expected) => {
    expect(readUsageType(usageType)).toEqual(expected);
  });

  it.each<[string, Meter]>([
    ['USE1-MP:USE1_InputTokenCount-Units', sold({})],
    ['USE1-MP:USE1_InputTokenCount_Global-Units', sold({ place: 'global' })],
    ['USE1-MP:USE1_OutputTokenCount_Geo-Units', sold({ counts: 'output' })],
    ['USE1-MP:USE1_InputTokenCount_Global_Batch-Units', sold({ place: 'global', tier: 'batch' })],
    ['USE1-MP:USE1_InputTokenCount_LatencyOptimized-Units', sold({ tier: 'latencyOptimized' })],
    ['USE1-MP:USE1_InputTokenCount_LCtx_Global-Units', sold({ place: 'global', longContext: true })],
    ['USE1-MP:USE1_CacheReadInputTokenCount-Units', sold({ counts: 'cacheRead' })],
    ['USE1-MP:USE1_CacheWriteInputTokenCount-Units', sold({ counts: 'cacheWrite' })],
    [
      'USE1-MP:USE1_CacheWrite1hInputTokenCount_Global-Units',
      sold({ counts: 'cacheWrite', ttl: '1h', place: 'global' }),
    ],
    ['USE1-MP:USE1_MillionBatchInputTokens-Units', sold({ tier: 'batch' })],
    ['USE1-MP:USE1_MillionResponseTokens-Units', sold({ counts: 'output' })],
    ['USE1-MP:USE1_input_tokens_standard-Units', sold({})],
    ['USE1-MP:USE1_output_tokens_batch-Units', sold({ counts: 'output', tier: 'batch' })],
    [
      'USE1-MP:USE1_input_tokens_long_ctx_global_standard-Units',
      sold({ place: 'global', longContext: true }),
    ],
    [
      'USE1-MP:USE1_cache_write_tokens_1h_long_ctx_standard-Units',
      sold({ counts: 'cacheWrite', ttl: '1h', longContext: true }),
    ],
    [
      'USE1-MP:USE1_cache_write_tokens_30m_global_standard-Units',
      sold({ counts: 'cacheWrite', ttl: '30m', place: 'global' }),
    ],
    ['EU-MP:EU_cache_read_tokens_standard-Units', sold({ regionCode: 'EU', counts: 'cacheRead' })],
  ])("reads Marketplace's %s", (usageType, expected) => {
    expect(readUsageType(usageType)).toEqual(expected);
  });

  it.each([
    'USE1-NovaLite-input-tokens-turbo',
    'USE1-NovaLite-input-tokens-batch-flex',
    'USE1-NovaLite-input-tokens-globally',
    'USE1-NovaLite-input-tokens-1h',
    'USE1-NovaLite-LatencyOptimized-input-tokens-batch',
    'NovaLite-input-tokens',
    'USE1-Nova2.0Pro-input-image-token-count',
    'USE1-MP:USE1_InputTokenCount_Quantum-Units',
    'USE1-MP:USE1_CacheReadTokenCount-Units',
    'USE1-MP:USW2_InputTokenCount-Units',
    'USE1-MP:USE1_InputTokenCount',
    'USE1-MP:USE1_Reserved_1Month_InputTPM_Geo-Units',
    '',
  ])('knows nothing of "%s" rather than half of it', (usageType) => {
    expect(readUsageType(usageType)).toBeUndefined();
  });
});

describe('readDimension', () => {
  it.each<[string, Meter]>([
    ['input_tokens_standard', meter({})],
    ['output_tokens_global_standard', meter({ counts: 'output', place: 'global' })],
    ['cached_input_tokens_batch', meter({ counts: 'cacheRead', tier: 'batch' })],
    [
      'cache_read_tokens_long_ctx_global_standard',
      meter({ counts: 'cacheRead', place: 'global', longContext: true }),
    ],
    ['USW2_cache_write_tokens_5m_standard', meter({ regionCode: 'USW2', counts: 'cacheWrite', ttl: '5m' })],
    ['USW2_InputTokenCount_Global', meter({ regionCode: 'USW2', place: 'global' })],
  ])('reads %s of a rate card', (dimension, expected) => {
    expect(readDimension(dimension)).toEqual(expected);
  });

  it.each(['input_tokens_something_new', 'cache_writes_tokens_standard', '___', 'USW2_', ''])(
    'knows nothing of "%s"',
    (dimension) => {
      expect(readDimension(dimension)).toBeUndefined();
    },
  );
});
