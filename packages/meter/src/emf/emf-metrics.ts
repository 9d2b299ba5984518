import { promptTokens, type Receipt } from '@costkit/core';

type Unit = 'None' | 'Count' | 'Percent' | 'Milliseconds';

interface MetricSource {
  readonly unit: Unit;
  /** `undefined`: a call says nothing about it. An unknown price is no cost of $0. */
  readonly read: (receipt: Receipt) => number | undefined;
}

const when = (condition: boolean): number => (condition ? 1 : 0);

/** A metric that {@link emfSink} can write. */
export type EmfMetric =
  | 'CostUsd'
  | 'SavedUsd'
  | 'InputTokens'
  | 'OutputTokens'
  | 'CacheReadTokens'
  | 'CacheWriteTokens'
  | 'CacheHitRate'
  | 'Latency'
  | 'TimeToFirstChunk'
  | 'Calls'
  | 'Errors'
  | 'UnpricedCalls'
  | 'EstimatedCalls';

/** What is said of every call, and in which unit of CloudWatch. */
export const EMF_METRICS: Readonly<Record<EmfMetric, MetricSource>> = {
  CostUsd: { unit: 'None', read: ({ cost }) => cost?.usd },
  SavedUsd: { unit: 'None', read: ({ saved }) => saved?.usd },
  InputTokens: { unit: 'Count', read: ({ usage }) => usage.input },
  OutputTokens: { unit: 'Count', read: ({ usage }) => usage.output },
  CacheReadTokens: { unit: 'Count', read: ({ usage }) => usage.cacheRead },
  CacheWriteTokens: {
    unit: 'Count',
    read: ({ usage }) => usage.cacheWrite5m + usage.cacheWrite1h + usage.cacheWrite30m,
  },
  CacheHitRate: {
    unit: 'Percent',
    read: ({ usage }) => {
      const prompt = promptTokens(usage);
      return prompt === 0 ? undefined : (100 * usage.cacheRead) / prompt;
    },
  },
  Latency: { unit: 'Milliseconds', read: ({ latencyMs }) => latencyMs },
  TimeToFirstChunk: { unit: 'Milliseconds', read: ({ firstChunkMs }) => firstChunkMs },
  Calls: { unit: 'Count', read: () => 1 },
  Errors: { unit: 'Count', read: ({ error }) => when(error !== undefined) },
  UnpricedCalls: { unit: 'Count', read: ({ cost }) => when(cost === undefined) },
  EstimatedCalls: { unit: 'Count', read: ({ quality }) => when(quality === 'estimated') },
};

/** The metrics of {@link EMF_METRICS} that a receipt has a value for. */
export function metricsOf(
  receipt: Receipt,
  names: readonly EmfMetric[],
): { readonly name: string; readonly unit: Unit; readonly value: number }[] {
  return names.flatMap((name) => {
    const { unit, read } = EMF_METRICS[name];
    const value = read(receipt);
    return value === undefined ? [] : [{ name, unit, value }];
  });
}
