import { FIGURES, type MetricFigure, type MetricSeries } from './metric-series.js';
import type { MetricsHour } from './metrics-hour.js';

/** Sums of one series by the hour (milliseconds since 1970). */
export interface SeriesSums {
  readonly series: MetricSeries;
  readonly sums: ReadonlyMap<number, number>;
}

type Figures = Map<MetricFigure, number>;

/** What the dimension has at the end of the model's id when latency was optimised. */
const OPTIMIZED = '+latency-optimized';

/** A tier as prices know it. */
const tierOf = (resolvedTier: string): string =>
  resolvedTier.toLowerCase() === 'default' ? 'standard' : resolvedTier.toLowerCase();

/** Figures by tier; `''` is what counts the calls of all tiers. A metric under two names counts once. */
function figuresByTier(all: readonly SeriesSums[], hour: number): ReadonlyMap<string, Figures> {
  const byMetric = new Map<string, Map<string, number>>();
  for (const { series, sums } of all) {
    const value = sums.get(hour);
    if (value === undefined) continue;
    const tier = series.resolvedTier === undefined ? '' : tierOf(series.resolvedTier);
    const metrics = byMetric.get(tier) ?? new Map<string, number>();
    byMetric.set(tier, metrics.set(series.metric, (metrics.get(series.metric) ?? 0) + value));
  }
  return new Map(
    [...byMetric].map(([tier, metrics]) => {
      const figures: Figures = new Map();
      for (const [metric, value] of metrics) {
        const figure = FIGURES[metric];
        if (figure !== undefined) figures.set(figure, Math.max(figures.get(figure) ?? 0, value));
      }
      return [tier, figures];
    }),
  );
}

/** What no tier accounts for was served by the standard tier. */
function disjointTiers(byTier: ReadonlyMap<string, Figures>): ReadonlyMap<string, Figures> {
  const tiers = new Map([...byTier].filter(([tier]) => tier !== ''));
  const standard: Figures = new Map(tiers.get('standard'));
  for (const [figure, total] of byTier.get('') ?? []) {
    const known = [...tiers.values()].reduce((sum, figures) => sum + (figures.get(figure) ?? 0), 0);
    if (total > known || !tiers.size) standard.set(figure, (standard.get(figure) ?? 0) + total - known);
  }
  return standard.size === 0 ? tiers : tiers.set('standard', standard);
}

function hourOf(
  place: Pick<MetricsHour, 'hour' | 'region' | 'account' | 'modelId' | 'tier'>,
  figures: Figures,
): MetricsHour {
  const count = (figure: MetricFigure): number => Math.round(figures.get(figure) ?? 0);
  const tokens = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const;
  return {
    ...place,
    invocations: count('invocations'),
    clientErrors: count('clientErrors'),
    serverErrors: count('serverErrors'),
    throttles: count('throttles'),
    // A figure without a data point is nothing, where others of the same calls have one.
    ...(tokens.some((figure) => figures.has(figure))
      ? Object.fromEntries(tokens.map((figure) => [figure, count(figure)]))
      : {}),
  };
}

/** Hours of one model: a row for each tier, which together are all of its calls. */
export function hoursOfSeries(
  all: readonly SeriesSums[],
  where: Pick<MetricsHour, 'region' | 'account' | 'modelId'>,
): readonly MetricsHour[] {
  const hours = [...new Set(all.flatMap(({ sums }) => [...sums.keys()]))].sort((one, other) => one - other);
  const isOptimized = where.modelId.endsWith(OPTIMIZED);
  const modelId = isOptimized ? where.modelId.slice(0, -OPTIMIZED.length) : where.modelId;
  return hours.flatMap((at) =>
    [...disjointTiers(figuresByTier(all, at))].map(([tier, figures]) =>
      hourOf(
        {
          hour: new Date(at).toISOString(),
          ...where,
          modelId,
          tier: isOptimized && tier === 'standard' ? 'latencyOptimized' : tier,
        },
        figures,
      ),
    ),
  );
}
