import type { MetricAlarm, MetricDataQuery, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { CliUsageError } from '../cli-error.js';
import { type AccountResource, ownership, tagsOf } from './account-resource.js';
import { type Json, sorted } from './json.js';
import type { Setup } from './setup.js';

const NAMESPACE = 'AWS/Bedrock';
const HOUR_S = 3_600;
const DEFAULT_THROTTLES = 100;

/** What an alarm is apart from its name and Region. */
interface AlarmSpec {
  readonly suffix: string;
  readonly description: string;
  readonly metrics: MetricDataQuery[];
  readonly threshold: number;
}

/** Token metrics of AWS/Bedrock, and the rate that each is paid at. Input is without what the cache served. */
const TOKEN_METRICS = [
  ['input', 'InputTokenCount', 'input'],
  ['output', 'OutputTokenCount', 'output'],
  ['read', 'CacheReadInputTokenCount', 'cacheRead'],
  ['written', 'CacheWriteInputTokenCount', 'cacheWrite5m'],
] as const;

/**
 * Dollars per hour of one model, from its token metrics and the catalogue's prices: an alarm that needs no bill, which
 * comes a day late. Writes of an hour's time to live count as those of five minutes.
 */
async function spendSpec(modelId: string, region: string, hourlyUsd: number): Promise<AlarmSpec> {
  const { ratesFor, resolveModel } = await import('@costkit/pricing');
  const resolved = resolveModel(modelId);
  const rates = resolved && ratesFor({ model: resolved, region });
  if (rates?.input === undefined || rates.output === undefined) {
    throw new CliUsageError(
      `"${modelId}" in ${region} has no known price, so its dollars cannot be watched. Take it out of "models"`,
      'COSTKIT_UNKNOWN_PRICE',
    );
  }
  const paid = TOKEN_METRICS.flatMap(([id, metric, kind]) => {
    const rate = rates[kind];
    return rate === undefined || rate === 0 ? [] : [{ id, metric, usd: rate / 1e12 }];
  });
  return {
    suffix: `usd-${modelId.replaceAll(/[^A-Za-z0-9]+/g, '-')}`,
    description: `${modelId} costs more than $${hourlyUsd} in an hour, by its tokens and list price.`,
    threshold: hourlyUsd,
    metrics: [
      {
        Id: 'usd',
        Label: 'dollars',
        // A plain decimal: metric math knows no exponents.
        Expression: paid.map(({ id, usd }) => `FILL(${id}, 0) * ${usd.toFixed(12)}`).join(' + '),
        ReturnData: true,
      },
      ...paid.map(({ id, metric }) => ({
        Id: id,
        ReturnData: false,
        MetricStat: {
          Metric: {
            Namespace: NAMESPACE,
            MetricName: metric,
            Dimensions: [{ Name: 'ModelId', Value: modelId }],
          },
          Period: HOUR_S,
          Stat: 'Sum',
        },
      })),
    ],
  };
}

const throttleSpec = (throttles: number): AlarmSpec => ({
  suffix: 'throttles',
  description: `More than ${throttles} calls were throttled in an hour, over all models.`,
  threshold: throttles,
  metrics: [
    {
      Id: 'throttles',
      Label: 'throttled calls',
      // Metrics Insights: models that come later are in it too.
      Expression: `SELECT SUM(InvocationThrottles) FROM SCHEMA("${NAMESPACE}", ModelId)`,
      Period: HOUR_S,
      ReturnData: true,
    },
  ],
});

const metricView = ({ Id, Expression, MetricStat, Period, ReturnData }: MetricDataQuery): Json => ({
  id: Id ?? '',
  expression: Expression ?? null,
  metric: MetricStat?.Metric?.MetricName ?? null,
  namespace: MetricStat?.Metric?.Namespace ?? null,
  dimensions: sorted((MetricStat?.Metric?.Dimensions ?? []).map(({ Name, Value }) => `${Name}=${Value}`)),
  stat: MetricStat?.Stat ?? null,
  periodSeconds: Period ?? MetricStat?.Period ?? null,
  watched: ReturnData ?? true,
});

const viewOf = (alarm: MetricAlarm | PutMetricAlarmInput): Json => ({
  description: alarm.AlarmDescription ?? '',
  enabled: alarm.ActionsEnabled ?? true,
  actions: sorted(alarm.AlarmActions ?? []),
  threshold: alarm.Threshold ?? null,
  comparison: alarm.ComparisonOperator ?? '',
  periods: alarm.EvaluationPeriods ?? 1,
  missingData: alarm.TreatMissingData ?? 'missing',
  metrics: (alarm.Metrics ?? []).map(metricView),
});

function alarmResource(setup: Setup, region: string, spec: AlarmSpec): AccountResource {
  const { account, clients, name } = setup;
  const topicArn = setup.topicIn(region);
  const AlarmName = `${name}-${spec.suffix}`;
  const arn = `arn:${account.partition}:cloudwatch:${region}:${account.id}:alarm:${AlarmName}`;
  const alarm: PutMetricAlarmInput = {
    AlarmName,
    AlarmDescription: spec.description,
    ActionsEnabled: true,
    AlarmActions: topicArn === undefined ? [] : [topicArn],
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: spec.threshold,
    EvaluationPeriods: 1,
    TreatMissingData: 'notBreaching',
    Metrics: spec.metrics,
  };
  const desired = viewOf(alarm);
  const Tags = tagsOf(name, desired);
  const input = { ...alarm, Tags };
  const load = () => Promise.all([clients.cloudWatch(region), import('@aws-sdk/client-cloudwatch')]);
  const put = async (): Promise<void> => {
    const [client, { PutMetricAlarmCommand, TagResourceCommand }] = await load();
    await client.send(new PutMetricAlarmCommand(input));
    // Tags in the request count for a new alarm only.
    await client.send(new TagResourceCommand({ ResourceARN: arn, Tags }));
  };
  return {
    kind: 'alarm',
    name: AlarmName,
    region,
    desired,
    requests: [{ operation: 'PutMetricAlarm', input }],
    read: async () => {
      const [client, { DescribeAlarmsCommand, ListTagsForResourceCommand }] = await load();
      const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
      const there = MetricAlarms[0];
      if (there === undefined) return undefined;
      const answer = await client.send(new ListTagsForResourceCommand({ ResourceARN: arn }));
      return { view: viewOf(there), ...ownership(answer.Tags, name) };
    },
    create: put,
    update: put,
    remove: async () => {
      const [client, { DeleteAlarmsCommand }] = await load();
      await client.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] }));
    },
  };
}

/** The alarms of all Regions. */
export async function alarmResources(setup: Setup): Promise<AccountResource[]> {
  const { config } = setup;
  const { hourlyUsd = config.monthlyUsd / 100, models = [], throttlesPerHour = DEFAULT_THROTTLES } = config;
  const regions = config.regions.map(async (region) => {
    const specs = await Promise.all(models.map((model) => spendSpec(model, region, hourlyUsd)));
    return [throttleSpec(throttlesPerHour), ...specs].map((spec) => alarmResource(setup, region, spec));
  });
  return (await Promise.all(regions)).flat();
}
