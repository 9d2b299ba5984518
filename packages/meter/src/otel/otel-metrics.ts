import { promptTokens, type Receipt } from '@costkit/core';
import type { Attributes, MeterProvider, MetricOptions } from '@opentelemetry/api';
import { ATTRIBUTE, DURATION_BUCKETS, METRIC, SHARE_BUCKETS, TOKEN_BUCKETS } from './names.js';

const TOKEN_KINDS = {
  input: 'input',
  output: 'output',
  cacheRead: 'cache_read',
  cacheWrite5m: 'cache_write_5m',
  cacheWrite1h: 'cache_write_1h',
  cacheWrite30m: 'cache_write_30m',
} as const;

const buckets = (explicitBucketBoundaries: number[]): Pick<MetricOptions, 'advice'> => ({
  advice: { explicitBucketBoundaries },
});

/** Makes what records a receipt in the instruments of a provider. */
export function otelMetrics(provider: MeterProvider): (receipt: Receipt, attributes: Attributes) => void {
  const meter = provider.getMeter('@costkit/meter');
  const tokenUsage = meter.createHistogram(METRIC.tokenUsage, {
    unit: '{token}',
    description: 'Number of input and output tokens used.',
    ...buckets(TOKEN_BUCKETS),
  });
  const duration = meter.createHistogram(METRIC.duration, {
    unit: 's',
    description: 'GenAI operation duration.',
    ...buckets(DURATION_BUCKETS),
  });
  const timeToFirstChunk = meter.createHistogram(METRIC.timeToFirstChunk, {
    unit: 's',
    description: 'Time to receive the first chunk of a stream.',
    ...buckets(DURATION_BUCKETS),
  });
  const cacheHitRate = meter.createHistogram(METRIC.cacheHitRate, {
    unit: '1',
    description: 'Share of the prompt tokens of a call that were read from the prompt cache.',
    ...buckets(SHARE_BUCKETS),
  });
  const cost = meter.createCounter(METRIC.cost, {
    unit: '{USD}',
    description: 'Cost of the calls whose price is known.',
  });
  const saved = meter.createUpDownCounter(METRIC.saved, {
    unit: '{USD}',
    description: "What the callers' own requests would have cost, less what was paid.",
  });
  const tokens = meter.createCounter(METRIC.tokens, {
    unit: '{token}',
    description: 'Tokens by the kind they are billed as; each token counts in one.',
  });
  const unpriced = meter.createCounter(METRIC.unpriced, {
    unit: '{call}',
    description: 'Calls whose price is unknown: they are in no amount.',
  });
  const estimated = meter.createCounter(METRIC.estimated, {
    unit: '{call}',
    description: 'Calls whose usage the service did not report.',
  });

  return (receipt, attributes) => {
    const { usage, error } = receipt;
    const input = promptTokens(usage);
    duration.record(receipt.latencyMs / 1_000, {
      ...attributes,
      ...(error === undefined ? {} : { [ATTRIBUTE.errorType]: error }),
    });
    if (receipt.firstChunkMs !== undefined) timeToFirstChunk.record(receipt.firstChunkMs / 1_000, attributes);
    if (input > 0 || usage.output > 0) {
      tokenUsage.record(input, { ...attributes, [ATTRIBUTE.tokenType]: 'input' });
      tokenUsage.record(usage.output, { ...attributes, [ATTRIBUTE.tokenType]: 'output' });
    }
    if (input > 0) cacheHitRate.record(usage.cacheRead / input, attributes);
    for (const [kind, name] of Object.entries(TOKEN_KINDS)) {
      const count = usage[kind as keyof typeof TOKEN_KINDS];
      if (count > 0) tokens.add(count, { ...attributes, [ATTRIBUTE.tokenKind]: name });
    }
    if (receipt.cost === undefined) unpriced.add(1, attributes);
    else cost.add(receipt.cost.usd, attributes);
    if (receipt.saved !== undefined) saved.add(receipt.saved.usd, attributes);
    if (receipt.quality === 'estimated') estimated.add(1, attributes);
  };
}
