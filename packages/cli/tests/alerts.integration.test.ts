import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertsConfig } from '../src/alerts/alerts-config.js';
import { checkAlertsConfig } from '../src/alerts/alerts-config.js';
import { allResources } from '../src/alerts/all-resources.js';
import { applyPlan, destroyPlan, makePlan, type Plan } from '../src/alerts/plan.js';
import { setUp } from '../src/alerts/setup.js';
import { awsClients } from '../src/aws-clients.js';
import { type FakeAccount, startFakeAccount } from './fake-account/start-fake-account.js';

const CONFIG: AlertsConfig = {
  regions: ['us-east-1', 'eu-west-1'],
  monthlyUsd: 9_000,
  emails: ['ops@example.com'],
  models: ['us.anthropic.claude-sonnet-5-5'],
  logging: { bucket: 'invocation-logs', prefix: 'bedrock' },
};
/** One Region, as models have other profiles elsewhere. */
const HOME_ONLY: AlertsConfig = { ...CONFIG, regions: ['us-east-1'] };

let account: FakeAccount;
let clients: ReturnType<typeof awsClients>;
beforeEach(async () => {
  account = await startFakeAccount();
  clients = awsClients({
    endpoint: account.endpoint,
    maxAttempts: 1,
    credentials: { accessKeyId: 'A', secretAccessKey: 'B' },
  });
});
afterEach(() => account.stop());

const NOW_MS = Date.parse('2026-11-28T12:00:00Z');
async function plan(config: AlertsConfig = HOME_ONLY): Promise<Plan> {
  return makePlan(await allResources(await setUp(checkAlertsConfig(config), clients, NOW_MS)));
}
const actions = ({ entries }: Plan): Record<string, string> =>
  Object.fromEntries(entries.map(({ kind, name, region, action }) => [`${kind} ${name} ${region}`, action]));
const actionsOf = (planned: Plan): string[] => [...new Set(Object.values(actions(planned)))];
const pending = ({ entries }: Plan) => entries.filter(({ action }) => action !== 'same');
async function apply(config?: AlertsConfig): Promise<void> {
  expect(await applyPlan(await plan(config), false)).toEqual([]);
}

describe('costkit alerts', () => {
  it('plans everything and changes nothing', async () => {
    expect(actions(await plan())).toEqual({
      'topic costkit-alerts us-east-1': 'create',
      'logging model invocation logging us-east-1': 'create',
      'budget costkit-monthly global': 'create',
      'anomaly monitor costkit-spend global': 'create',
      'anomaly subscription costkit-anomalies global': 'create',
      'alarm costkit-throttles us-east-1': 'create',
      'alarm costkit-usd-us-anthropic-claude-sonnet-5-5 us-east-1': 'create',
      'dashboard costkit us-east-1': 'create',
    });
    expect(account.writes).toEqual([]);
  });

  it('makes what it planned, and the second time changes nothing', async () => {
    await apply();
    const written = account.writes.length;
    expect(actionsOf(await plan())).toEqual(['same']);
    await apply();
    expect(account.writes.length).toBe(written);
    expect(account.budgets.size).toBe(1);
    expect(
      account.topics.get('arn:aws:sns:us-east-1:111122223333:costkit-alerts')?.subscriptions,
    ).toMatchObject([{ Endpoint: 'ops@example.com' }]);
  });

  it('gives each Region alarms with a topic of its own, and one dashboard', async () => {
    const { models: _models, ...config } = CONFIG;
    await apply(config);
    expect(actionsOf(await plan(config))).toEqual(['same']);
    expect([...account.alarms.values()].map(({ AlarmActions }) => AlarmActions)).toEqual([
      ['arn:aws:sns:us-east-1:111122223333:costkit-alerts'],
      ['arn:aws:sns:eu-west-1:111122223333:costkit-alerts'],
    ]);
    expect([...account.logging.keys()].sort()).toEqual(['eu-west-1', 'us-east-1']);
    expect(account.dashboards.size).toBe(1);
    expect(account.dashboards.get('costkit')).toContain('eu-west-1');
  });

  it('has a budget that Marketplace models do not slip through, and credits do not hide', async () => {
    account.billed.push('Claude Something New (Amazon Bedrock Edition)', 'Amazon EC2');
    await apply();
    const budget = account.budgets.get('costkit-monthly')?.budget as {
      FilterExpression: { And: [{ Dimensions: { Key: string; Values: string[] } }, object] };
      CostFilters?: object;
    };
    const [services, credits] = budget.FilterExpression.And;
    expect(services.Dimensions.Key).toBe('SERVICE');
    expect(services.Dimensions.Values).toEqual(
      expect.arrayContaining([
        'Amazon Bedrock',
        'Claude Sonnet 4.6 (Amazon Bedrock Edition)',
        'Claude Opus 5.5 (Amazon Bedrock Edition)',
        'Claude Something New (Amazon Bedrock Edition)',
      ]),
    );
    expect(services.Dimensions.Values).not.toContain('Amazon EC2');
    expect(credits).toEqual({ Not: { Dimensions: { Key: 'RECORD_TYPE', Values: ['Credit', 'Refund'] } } });
    expect(budget.CostFilters).toBeUndefined();
  });

  it('wants the budget changed once the bill names a service that it does not know', async () => {
    await apply();
    account.billed.push('Brand New Model (Amazon Bedrock Edition)');
    const [entry, ...others] = pending(await plan());
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ kind: 'budget', action: 'update' });
    expect(JSON.stringify(entry?.changes)).toContain('Brand New Model');
    await apply();
    expect(pending(await plan())).toEqual([]);
  });

  it.each<[string, () => void, string, string]>([
    [
      'a budget',
      () => {
        (account.budgets.get('costkit-monthly')!.budget['BudgetLimit'] as { Amount: string }).Amount =
          '90000';
      },
      'budget',
      'limitUsd',
    ],
    [
      'a notification',
      () => void account.budgets.get('costkit-monthly')!.notifications.pop(),
      'budget',
      'notifications[3]',
    ],
    [
      'an alarm',
      () => {
        account.alarms.get('us-east-1 costkit-throttles')!['ActionsEnabled'] = false;
      },
      'alarm',
      'enabled',
    ],
    [
      'a dashboard',
      () => {
        account.dashboards.set(
          'costkit',
          account.dashboards.get('costkit')!.replace('"period":3600', '"period":60'),
        );
      },
      'dashboard',
      'period',
    ],
    [
      'a subscription',
      () => {
        for (const one of account.subscriptions.values()) one['Frequency'] = 'DAILY';
      },
      'anomaly subscription',
      'frequency',
    ],
    [
      'a topic',
      () => {
        for (const topic of account.topics.values()) topic.attributes['Policy'] = '{"Version":"2012-10-17"}';
      },
      'topic',
      'policy',
    ],
  ])('shows an edit of %s outside as drift, and mends it', async (_, edit, kind, path) => {
    await apply();
    edit();
    const drifted = pending(await plan());
    expect(drifted).toMatchObject([{ kind, action: 'drift' }]);
    expect(drifted[0]?.changes.map((change) => change.path).join()).toContain(path);
    await apply();
    expect(pending(await plan())).toEqual([]);
  });

  it('makes again what was deleted outside', async () => {
    await apply();
    account.budgets.clear();
    expect(pending(await plan())).toMatchObject([{ kind: 'budget', action: 'create' }]);
    await apply();
    expect(pending(await plan())).toEqual([]);
  });

  it('follows its configuration', async () => {
    await apply();
    const changed = {
      ...HOME_ONLY,
      monthlyUsd: 500,
      thresholdsPercent: [25, 100],
      emails: ['finops@example.com'],
    };
    expect([...new Set(pending(await plan(changed)).map(({ action }) => action))]).toEqual(['update']);
    await apply(changed);
    expect(pending(await plan(changed))).toEqual([]);
    expect(
      account.budgets.get('costkit-monthly')?.notifications.map((one) => one.Notification['Threshold']),
    ).toEqual(expect.arrayContaining([25, 100]));
    expect(
      account.topics.get('arn:aws:sns:us-east-1:111122223333:costkit-alerts')?.subscriptions,
    ).toMatchObject([{ Endpoint: 'finops@example.com' }]);
  });

  it('removes what it made, and nothing else', async () => {
    account.alarms.set('us-east-1 somebody-elses', { AlarmName: 'somebody-elses' });
    account.dashboards.set('other', '{}');
    await apply();
    await destroyPlan(await plan());
    expect(
      account.budgets.size + account.monitors.size + account.subscriptions.size + account.topics.size,
    ).toBe(0);
    expect([...account.alarms.keys()]).toEqual(['us-east-1 somebody-elses']);
    expect([...account.dashboards.keys()]).toEqual(['other']);
    expect(account.logging.size).toBe(0);
    await expect(destroyPlan(await plan())).resolves.toEqual([]);
  });

  it('leaves what somebody else has made under the same name, unless it is to replace it', async () => {
    account.alarms.set('us-east-1 costkit-throttles', { AlarmName: 'costkit-throttles', Threshold: 1 });
    account.logging.set('us-east-1', { loggingConfig: { s3Config: { bucketName: 'audit' } } });
    account.dashboards.set('costkit', '{"widgets":[]}');
    const first = await plan();
    expect(
      pending(first)
        .filter(({ action }) => action === 'conflict')
        .map(({ kind }) => kind),
    ).toEqual(['logging', 'alarm', 'dashboard']);
    expect((await applyPlan(first, false)).map(({ kind }) => kind)).toEqual([
      'logging',
      'alarm',
      'dashboard',
    ]);
    expect(account.logging.get('us-east-1')).toEqual({
      loggingConfig: { s3Config: { bucketName: 'audit' } },
    });
    await destroyPlan(await plan());
    expect(account.alarms.size).toBe(1);
    expect(account.logging.size).toBe(1);
    expect(await applyPlan(await plan(), true)).toEqual([]);
    expect(pending(await plan())).toEqual([]);
  });

  it('uses a monitor of all services that is there, as an account may have one, and leaves it', async () => {
    const arn = 'arn:aws:ce::111122223333:anomalymonitor/default';
    account.monitors.set(arn, {
      MonitorArn: arn,
      MonitorName: 'Default-Services-Monitor',
      MonitorType: 'DIMENSIONAL',
      MonitorDimension: 'SERVICE',
    });
    await apply();
    expect([...account.monitors.keys()]).toEqual([arn]);
    expect([...account.subscriptions.values()]).toMatchObject([{ MonitorArnList: [arn] }]);
    await destroyPlan(await plan());
    expect([...account.monitors.keys()]).toEqual([arn]);
    expect(account.subscriptions.size).toBe(0);
  });

  it('counts the costs of a tag alone when there is one', async () => {
    const tagged = { ...HOME_ONLY, tag: { key: 'app', values: ['support', 'search'] } };
    await apply(tagged);
    expect(pending(await plan(tagged))).toEqual([]);
    expect(account.budgets.get('costkit-monthly')?.budget['FilterExpression']).toMatchObject({
      And: [{ Tags: { Key: 'app', Values: ['search', 'support'] } }, {}],
    });
    expect([...account.monitors.values()]).toMatchObject([{ MonitorType: 'CUSTOM' }]);
  });

  it('watches the dollars of a model by its tokens and list price', async () => {
    await apply();
    const alarm = account.alarms.get('us-east-1 costkit-usd-us-anthropic-claude-sonnet-5-5') as {
      Threshold: number;
      Metrics: { Id: string; Expression?: string; MetricStat?: { Metric: { MetricName: string } } }[];
    };
    expect(alarm.Threshold).toBe(90);
    expect(alarm.Metrics[0]?.Expression).toBe(
      'FILL(input, 0) * 0.000002200000 + FILL(output, 0) * 0.000011000000 + FILL(read, 0) * 0.000000110000 + FILL(written, 0) * 0.000002750000',
    );
    expect(alarm.Metrics.slice(1).map(({ MetricStat }) => MetricStat?.Metric.MetricName)).toEqual([
      'InputTokenCount',
      'OutputTokenCount',
      'CacheReadInputTokenCount',
      'CacheWriteInputTokenCount',
    ]);
  });

  it.each<[string, Partial<AlertsConfig>]>([
    ['CreateBudget', { topicArn: 'arn:aws:sqs:us-east-1:111122223333:queue' }],
    ['Subscribe', { emails: ['nobody at home'] }],
    ['loggingConfig.s3Config.bucketName', { logging: { bucket: 'A' } }],
    [
      'loggingConfig.cloudWatchConfig.roleArn',
      { logging: { logGroup: 'logs', roleArn: 'arn:aws:iam::1:user/x' } },
    ],
    ['CreateAnomalyMonitor', { tag: { key: 'app', values: Array.from({ length: 11 }, (_, i) => `v${i}`) } }],
  ])('refuses what %s would refuse, before anything is sent', async (where, change) => {
    await expect(plan({ ...HOME_ONLY, ...change })).rejects.toThrow(where);
    expect(account.operations.filter((one) => !/^(GetCallerIdentity|GetDimensionValues)$/.test(one))).toEqual(
      [],
    );
  });

  it('goes on with the catalogue’s names where Cost Explorer has no data', async () => {
    const { models: _models, logging: _logging, ...bare } = HOME_ONLY;
    account.billed = [];
    await apply(bare);
    expect(JSON.stringify(account.budgets.get('costkit-monthly')?.budget)).toContain('Claude Opus 5.5');
  });
});
