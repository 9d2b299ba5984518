import { writeFile } from 'node:fs/promises';
import { checkOptions, InvalidOptionError, isObject, isText } from '@costkit/core';
import { InsightsError } from '../errors.js';
import { type AwsClientLike, isClient, isDate } from './client-like.js';
import { hoursOfSeries, type SeriesSums } from './hours-of-series.js';
import { listSeries, type MetricSeries } from './metric-series.js';
import { type MetricsHour, metricsLine } from './metrics-hour.js';

/** What {@link fetchBedrockMetrics} takes. */
export interface FetchBedrockMetricsOptions {
  /** A `CloudWatchClient` for each Region, by the Region's name. */
  readonly clients: Readonly<Record<string, AwsClientLike>>;
  /** Where to write the hours, one a line. */
  readonly file: string;
  /** The first hour; what it has of minutes is left out. CloudWatch keeps hours for 455 days. */
  readonly from: Date;
  /** The end, which is no part of it; only whole hours are read. */
  readonly to: Date;
  /** The account that the clients belong to, to tell several apart. @defaultValue unknown */
  readonly account?: string;
}

const HOUR_MS = 3_600_000;
/** Limit of one `GetMetricData`. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const MOST_QUERIES = 500;

interface DataPage {
  readonly MetricDataResults?: readonly {
    readonly Id?: string;
    readonly Timestamps?: readonly Date[];
    readonly Values?: readonly number[];
    readonly StatusCode?: string;
  }[];
  readonly NextToken?: string;
}

function checkFetchOptions(options: FetchBedrockMetricsOptions): void {
  checkOptions<FetchBedrockMetricsOptions>('insights', options, {
    clients: isObject,
    file: isText,
    from: isDate,
    to: isDate,
    account: isText,
  });
  for (const name of ['clients', 'file', 'from', 'to'] as const) {
    if (options[name] === undefined) throw new InvalidOptionError('insights', name, 'is missing');
  }
  for (const [region, client] of Object.entries(options.clients)) {
    const wrong = isClient(client);
    if (wrong !== undefined) throw new InvalidOptionError('insights', `clients["${region}"]`, wrong);
  }
  if (Object.keys(options.clients).length === 0)
    throw new InvalidOptionError('insights', 'clients', 'must have a Region');
  if (wholeHour(options.from) >= wholeHour(options.to))
    throw new InvalidOptionError('insights', 'to', 'must be an hour or more after from');
}

const wholeHour = (date: Date): number => Math.floor(date.getTime() / HOUR_MS) * HOUR_MS;

/** Sums of some series, page by page. */
async function sumsOf(
  client: AwsClientLike,
  series: readonly MetricSeries[],
  { from, to }: Pick<FetchBedrockMetricsOptions, 'from' | 'to'>,
): Promise<readonly SeriesSums[]> {
  const { GetMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
  const found = series.map((one) => ({ series: one, sums: new Map<number, number>() }));
  const queries = series.map(({ metric, dimensions }, index) => ({
    Id: `m${index}`,
    MetricStat: {
      Metric: { Namespace: 'AWS/Bedrock', MetricName: metric, Dimensions: [...dimensions] },
      Period: HOUR_MS / 1_000,
      Stat: 'Sum',
    },
  }));
  let token: string | undefined;
  do {
    const page: DataPage = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: queries,
        StartTime: new Date(wholeHour(from)),
        EndTime: new Date(wholeHour(to)),
        ScanBy: 'TimestampAscending',
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    token = page.NextToken;
    for (const { Id = '', Timestamps = [], Values = [], StatusCode } of page.MetricDataResults ?? []) {
      const sums = found[Number(Id.slice(1))]?.sums;
      for (const [index, at] of Timestamps.entries()) sums?.set(at.getTime(), Values[index] ?? 0);
      // Part of it without a next page would be taken for all of it.
      if (token === undefined && StatusCode !== undefined && StatusCode !== 'Complete')
        throw new InsightsError(
          'COSTKIT_INSIGHTS_METRICS_INCOMPLETE',
          `CloudWatch answered with ${StatusCode} and no next page. Fetch again, or a shorter time`,
        );
    }
  } while (token !== undefined);
  return found;
}

async function hoursOfRegion(
  region: string,
  client: AwsClientLike,
  options: FetchBedrockMetricsOptions,
): Promise<readonly MetricsHour[]> {
  const series = await listSeries(client);
  const byModel = new Map<string, SeriesSums[]>();
  for (let from = 0; from < series.length; from += MOST_QUERIES) {
    for (const found of await sumsOf(client, series.slice(from, from + MOST_QUERIES), options)) {
      const { modelId } = found.series;
      byModel.set(modelId, [...(byModel.get(modelId) ?? []), found]);
    }
  }
  const account = options.account === undefined ? {} : { account: options.account };
  return [...byModel].flatMap(([modelId, all]) => hoursOfSeries(all, { region, ...account, modelId }));
}

/**
 * Reads the hours of `AWS/Bedrock` from CloudWatch into a file that `analyzeLogs` takes as a source: calls, errors and
 * tokens by model and tier. Every account has them, whether its calls are logged or not. It needs
 * `cloudwatch:ListMetrics` and `cloudwatch:GetMetricData`.
 *
 * CloudWatch lists what had data within two weeks: models that nobody has called since then are not found. Metrics
 * without a tier count the calls of all; what those with a tier do not account for is taken for the standard tier.
 *
 * @returns how many hours of models and tiers were written.
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 * @throws `InsightsError` `COSTKIT_INSIGHTS_METRICS_INCOMPLETE` when CloudWatch keeps part of it back.
 * Errors of the SDK pass as they are.
 *
 * @example
 * ```ts
 * const clients = { 'us-east-1': new CloudWatchClient({ region: 'us-east-1' }) };
 * await fetchBedrockMetrics({ clients, file: 'metrics.jsonl', from: new Date('2026-10-01'), to: new Date('2026-11-01') });
 * ```
 */
export async function fetchBedrockMetrics(options: FetchBedrockMetricsOptions): Promise<number> {
  checkFetchOptions(options);
  const hours: MetricsHour[] = [];
  for (const [region, client] of Object.entries(options.clients)) {
    hours.push(...(await hoursOfRegion(region, client, options)));
  }
  await writeFile(options.file, hours.map(metricsLine).join(''));
  return hours.length;
}
