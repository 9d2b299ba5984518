import { startLocalBedrock } from '@costkit/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkAlertsConfig } from '../src/alerts/alerts-config.js';
import { allResources } from '../src/alerts/all-resources.js';
import { applyPlan, destroyPlan, makePlan } from '../src/alerts/plan.js';
import { setUp } from '../src/alerts/setup.js';
import { type AwsClients, awsClients } from '../src/aws-clients.js';
import type { Check } from '../src/doctor/check.js';
import { checkPrices } from '../src/doctor/check-prices.js';
import { actionsOf, FEATURE_NAMES, policyOf } from '../src/doctor/feature-policies.js';
import { renderDoctor } from '../src/doctor/render-doctor.js';
import { runDoctor } from '../src/doctor/run-doctor.js';
import { type FakeAccount, startFakeAccount } from './fake-account/start-fake-account.js';

const NOW_MS = Date.parse('2026-11-28T12:00:00Z');

let account: FakeAccount;
let clients: AwsClients;
beforeEach(async () => {
  account = await startFakeAccount();
  clients = awsClients({
    endpoint: account.endpoint,
    maxAttempts: 1,
    credentials: { accessKeyId: 'A', secretAccessKey: 'B' },
  });
});
afterEach(() => account.stop());

function look(models: readonly string[] = [], from: AwsClients = clients): Promise<Check[]> {
  return runDoctor(from, {
    regions: ['us-east-1'],
    models,
    features: FEATURE_NAMES,
    nowMs: NOW_MS,
    onProgress: () => undefined,
  });
}
const of = (checks: readonly Check[], check: string, subject?: string): Check[] =>
  checks.filter((one) => one.check === check && (subject === undefined || one.subject === subject));

describe('costkit doctor', () => {
  it('finds nothing wrong where all is well, and changes nothing', async () => {
    account.logging.set('us-east-1', {
      loggingConfig: { s3Config: { bucketName: 'logs' }, textDataDeliveryEnabled: true },
    });
    const checks = await look();
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(new Set(checks.map(({ check }) => check))).toEqual(
      new Set(['identity', 'permissions', 'logging', 'model access', 'quotas', 'prices']),
    );
    expect(of(checks, 'logging')[0]?.found).toBe('Calls are logged to logs, prompts and answers too.');
    expect(account.writes).toEqual([]);
  });

  it('names the actions that a feature lacks, and fails when calls are not allowed', async () => {
    account.denied.add('InvokeModel').add('CreateModelInvocationJob');
    const checks = await look();
    expect(of(checks, 'permissions', 'calls')).toMatchObject([
      { status: 'fail', found: 'Not allowed: bedrock:InvokeModel.' },
    ]);
    expect(of(checks, 'permissions', 'batch')).toMatchObject([
      { status: 'warn', advice: expect.stringContaining('costkit doctor --policy batch') },
    ]);
    expect(of(checks, 'permissions', 'prices')).toMatchObject([{ status: 'ok' }]);
  });

  it('says what it could not look at, and what to do about it', async () => {
    for (const operation of [
      'SimulatePrincipalPolicy',
      'GetModelInvocationLoggingConfiguration',
      'ListFoundationModels',
      'ListServiceQuotas',
    ])
      account.denied.add(operation);
    const checks = await look();
    const unknown = checks.filter(({ status }) => status === 'unknown');
    expect(unknown.map(({ check }) => check)).toEqual(['permissions', 'logging', 'model access', 'quotas']);
    for (const { found, advice } of unknown) {
      expect(found).toContain('is not allowed');
      expect(advice).toMatch(/^Allow \w+:\w+/);
    }
  });

  it('warns when logging is off', async () => {
    expect(of(await look(), 'logging')).toMatchObject([
      { status: 'warn', advice: expect.stringContaining('costkit alerts apply') },
    ]);
  });

  it('looks at the access and the quotas of models that are named', async () => {
    const checks = await look(['us.amazon.nova-lite-v1:0', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0']);
    expect(of(checks, 'model access').map(({ status }) => status)).toEqual(['ok', 'ok']);
    expect(of(checks, 'quotas')).toMatchObject([
      { status: 'fail', advice: expect.stringContaining('increase') },
      { status: 'ok', found: '200,000 tokens a minute.' },
    ]);
  });

  it('stops at credentials that do not hold', async () => {
    account.refuseIdentity = 'InvalidClientTokenId';
    const checks = await look();
    expect(checks.map(({ check, status }) => `${check} ${status}`)).toEqual(['identity fail', 'prices ok']);
    expect(checks[0]?.advice).toContain('aws configure');
  });

  it('looks at a local Bedrock as far as that goes', async () => {
    const bedrock = await startLocalBedrock();
    const { accessKeyId, secretAccessKey } = bedrock.clientConfig.credentials;
    const local = awsClients({
      endpoint: bedrock.endpoint,
      maxAttempts: 1,
      credentials: { accessKeyId, secretAccessKey },
    });
    const checks = await look(['us.amazon.nova-lite-v1:0'], local);
    await bedrock.stop();
    expect(of(checks, 'logging')).toMatchObject([{ status: 'warn' }]);
    expect(of(checks, 'model access')).toMatchObject([{ status: 'ok' }]);
    expect(checks.filter(({ status }) => status === 'fail')).toEqual([]);
  });

  it('reads well in a terminal', async () => {
    const text = renderDoctor(await look());
    expect(text).toContain('logging');
    expect(text.split('\n').at(-1)).toMatch(/^\d+ ok, 1 warn, 0 fail, 0 unknown$/);
  });
});

describe('checkPrices', () => {
  const age = { newest: '2026-11-10', awsPriceList: '2026-10-08' };
  it.each([
    ['2026-11-20', 'ok'],
    ['2027-02-01', 'warn'],
    ['2027-08-01', 'fail'],
  ])('on %s it is %s', (day, status) => {
    expect(checkPrices(Date.parse(day), age)).toMatchObject({ status });
  });
});

/** Actions whose name is not that of the operation. */
const ACTIONS: Readonly<Record<string, string>> = {
  CreateBudget: 'budgets:ModifyBudget',
  CreateNotification: 'budgets:ModifyBudget',
  DeleteBudget: 'budgets:ModifyBudget',
  DeleteNotification: 'budgets:ModifyBudget',
  DescribeBudget: 'budgets:ViewBudget',
  DescribeNotificationsForBudget: 'budgets:ViewBudget',
  DescribeSubscribersForNotification: 'budgets:ViewBudget',
  UpdateBudget: 'budgets:ModifyBudget',
};

describe('policyOf', () => {
  it('allows all that `costkit alerts` does, and nothing that it never does', async () => {
    const config = {
      regions: ['us-east-1'],
      monthlyUsd: 100,
      emails: ['a@b.example'],
      logging: { bucket: 'logs' },
    };
    const make = async (change: object = {}) =>
      makePlan(await allResources(await setUp(checkAlertsConfig({ ...config, ...change }), clients, NOW_MS)));
    await applyPlan(await make(), false);
    await applyPlan(
      await make({
        monthlyUsd: 200,
        emails: ['c@d.example'],
        thresholdsPercent: [10],
        throttlesPerHour: 5,
        anomalyUsd: 9,
      }),
      false,
    );
    await destroyPlan(await make());
    const allowed = actionsOf('account-alerts');
    const names = new Set(allowed.map((action) => action.split(':')[1]));
    const called = new Set(account.operations.filter((operation) => operation !== 'GetCallerIdentity'));
    const isAllowed = (operation: string): boolean =>
      ACTIONS[operation] === undefined ? names.has(operation) : allowed.includes(ACTIONS[operation]);
    expect([...called].filter((operation) => !isAllowed(operation))).toEqual([]);
    const needed = new Set([...called].map((operation) => ACTIONS[operation]?.split(':')[1] ?? operation));
    expect([...names].filter((name) => !needed.has(name ?? ''))).toEqual([]);
  });

  it('names each statement once, and each action of a feature once', () => {
    const { Statement } = policyOf(FEATURE_NAMES);
    expect(new Set(Statement.map(({ Sid }) => Sid)).size).toBe(Statement.length);
    for (const { Sid, Action } of Statement) {
      expect(Sid).toMatch(/^[A-Za-z0-9]+$/);
      expect(new Set(Action).size).toBe(Action.length);
      for (const action of Action) expect(action).toMatch(/^[a-z0-9]+:[A-Z][A-Za-z]+$/);
    }
  });
});
