import type { AwsClientLike } from './client-like.js';
import type { MetricsHour } from './metrics-hour.js';

/** The figures of an hour. */
export type MetricFigure = {
  [Name in keyof MetricsHour]-?: number extends MetricsHour[Name] ? Name : never;
}[keyof MetricsHour];

/**
 * Metrics of the namespace `AWS/Bedrock` and the figures they count; two had other names before.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-runtime-metrics.html
 */
export const FIGURES: Readonly<Record<string, MetricFigure>> = {
  Invocations: 'invocations',
  InvocationClientErrors: 'clientErrors',
  InvocationServerErrors: 'serverErrors',
  InvocationThrottles: 'throttles',
  InputTokenCount: 'inputTokens',
  OutputTokenCount: 'outputTokens',
  CacheReadInputTokenCount: 'cacheReadTokens',
  CacheReadInputTokens: 'cacheReadTokens',
  CacheWriteInputTokenCount: 'cacheWriteTokens',
  CacheWriteInputTokens: 'cacheWriteTokens',
};

/** One metric of one model, of all its calls or of those that one tier served. */
export interface MetricSeries {
  readonly metric: string;
  readonly figure: MetricFigure;
  readonly modelId: string;
  /** Absent: of all tiers. */
  readonly resolvedTier?: string;
  readonly dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

interface ListedMetric {
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name?: string; readonly Value?: string }[];
}

/** Dimensions of series that count calls; others, such as those of image sizes, count the same calls again. */
const DIMENSION_SETS: ReadonlySet<string> = new Set(['ModelId', 'ModelId ResolvedServiceTier ServiceTier']);

function seriesOf({ MetricName = '', Dimensions = [] }: ListedMetric): MetricSeries | undefined {
  const figure = Object.hasOwn(FIGURES, MetricName) ? FIGURES[MetricName] : undefined;
  const dimensions = Dimensions.map(({ Name = '', Value = '' }) => ({ Name, Value }));
  const names = dimensions
    .map(({ Name }) => Name)
    .sort()
    .join(' ');
  if (figure === undefined || !DIMENSION_SETS.has(names)) return undefined;
  const named = (name: string): string | undefined => dimensions.find(({ Name }) => Name === name)?.Value;
  const resolvedTier = named('ResolvedServiceTier');
  return {
    metric: MetricName,
    figure,
    modelId: named('ModelId') ?? '',
    dimensions,
    ...(resolvedTier === undefined ? {} : { resolvedTier }),
  };
}

/** Every series of a Region that counts calls or their tokens, page by page. */
export async function listSeries(client: AwsClientLike): Promise<readonly MetricSeries[]> {
  const { ListMetricsCommand } = await import('@aws-sdk/client-cloudwatch');
  const series: MetricSeries[] = [];
  let token: string | undefined;
  do {
    const page: { readonly Metrics?: readonly ListedMetric[]; readonly NextToken?: string } =
      await client.send(
        new ListMetricsCommand({
          Namespace: 'AWS/Bedrock',
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
    series.push(...(page.Metrics ?? []).flatMap((metric) => seriesOf(metric) ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return series;
}
