import type { AccountState, JsonService, StoredMetric } from './account-state.js';

interface Query {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: {
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
  };
}

/** So many metrics, or points of time, go on a page. */
const PAGE = 3;

const dimensionsOf = ({ dimensions }: StoredMetric): readonly { Name: string; Value: string }[] =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

/** CloudWatch's hourly sums of `AWS/Bedrock`, on short pages. */
export function metricsService({ metrics }: AccountState): JsonService {
  return {
    ListMetrics: ({ Namespace, NextToken }, region) => {
      const from = Number(NextToken ?? 0);
      const all = Namespace === 'AWS/Bedrock' ? (metrics.get(region) ?? []) : [];
      return {
        Metrics: all.slice(from, from + PAGE).map((metric) => ({
          Namespace,
          MetricName: metric.name,
          Dimensions: dimensionsOf(metric),
        })),
        ...(from + PAGE < all.length ? { NextToken: String(from + PAGE) } : {}),
      };
    },
    GetMetricData: ({ MetricDataQueries, StartTime, EndTime, NextToken }, region) => {
      const page = Number(NextToken ?? 0);
      const found = (MetricDataQueries as readonly Query[]).map(({ Id, MetricStat: { Metric } }) => {
        const key = JSON.stringify(Metric.Dimensions);
        const metric = metrics
          .get(region)
          ?.find((one) => one.name === Metric.MetricName && JSON.stringify(dimensionsOf(one)) === key);
        const points = [...(metric?.sums ?? [])]
          .filter(([at]) => at >= Number(StartTime) && at < Number(EndTime))
          .sort(([one], [other]) => one - other);
        return { Id, points };
      });
      const isLast = found.every(({ points }) => points.length <= (page + 1) * PAGE);
      return {
        MetricDataResults: found.map(({ Id, points }) => {
          const shown = points.slice(page * PAGE, (page + 1) * PAGE);
          return {
            Id,
            Timestamps: shown.map(([at]) => at),
            Values: shown.map(([, value]) => value),
            StatusCode: isLast ? 'Complete' : 'PartialData',
          };
        }),
        ...(isLast ? {} : { NextToken: String(page + 1) }),
      };
    },
  };
}
