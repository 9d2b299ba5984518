import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BedrockClient,
  CreateModelInvocationJobCommand,
  GetModelInvocationJobCommand,
} from '@aws-sdk/client-bedrock';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Money } from '@costkit/core';
import { createManualClock, startLocalBedrock } from '@costkit/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeAccount, startFakeAccount } from './fake-account/start-fake-account.js';
import { localEnvironment } from './local-environment.js';
import { runInside } from './run-inside.js';

const HOUR_S = 3_600;
const SONNET = 'us.anthropic.claude-sonnet-5-5';
const OPUS = 'us.anthropic.claude-opus-5';

let account: FakeAccount;
let folder: string;
beforeEach(async () => {
  account = await startFakeAccount();
  folder = mkdtempSync(join(tmpdir(), 'costkit-analyze-account-'));
});
afterEach(async () => {
  await account.stop();
  rmSync(folder, { recursive: true, force: true });
});

const analyze = (...args: readonly string[]) =>
  runInside(['analyze', ...args], {
    env: { ...localEnvironment(account, folder), AWS_MAX_ATTEMPTS: '1' },
  });

/** Twelve hours of the days before now; every metric has the same value in each. */
function addMetrics(
  region: string,
  dimensions: Readonly<Record<string, string>>,
  values: Readonly<Record<string, number>>,
): readonly number[] {
  const last = Math.floor(Date.now() / 1_000 / HOUR_S) * HOUR_S - HOUR_S;
  const hours = Array.from({ length: 12 }, (_, index) => last - index * 6 * HOUR_S);
  const metrics = account.metrics.get(region) ?? [];
  for (const [name, value] of Object.entries(values))
    metrics.push({ name, dimensions, sums: new Map(hours.map((hour) => [hour, value])) });
  account.metrics.set(region, metrics);
  return hours;
}

describe('costkit analyze, of what it fetches', { timeout: 60_000 }, () => {
  it('attributes an account without logging, of several Regions and pages, and says what metrics do not', async () => {
    addMetrics(
      'us-east-1',
      { ModelId: SONNET },
      { Invocations: 10, InputTokenCount: 10_000, OutputTokenCount: 1_000, InvocationThrottles: 2 },
    );
    addMetrics(
      'us-west-2',
      { ModelId: OPUS },
      { Invocations: 5, InputTokenCount: 5_000, OutputTokenCount: 500, CacheReadInputTokenCount: 100_000 },
    );
    const { code, stdout, stderr } = await analyze('cloudwatch:us-east-1,us-west-2', '--json');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { calls, failed, unpriced, attribution, notes, topRequests, total, recommendations } =
      JSON.parse(stdout);
    expect([calls, failed, unpriced]).toEqual([12 * 17, 24, 0]);
    expect(
      attribution.region.map(({ value, calls: of }: { value: string; calls: number }) => [value, of]),
    ).toEqual([
      ['us-west-2', 60],
      ['us-east-1', 144],
    ]);
    expect(attribution.account[0].value).toBe('111122223333');
    // Sonnet 5.5 through `us.`: 2.20 and 11.00 a million; Opus 5 through `us.`: 5.50, 27.50 and 0.55.
    const hourly = 10_000 * 2.2 + 1_000 * 11 + 5_000 * 5.5 + 500 * 27.5 + 100_000 * 0.55;
    expect(Number(total)).toBeCloseTo((12 * hourly) / 1e6, 12);
    expect(topRequests).toEqual([]);
    expect(recommendations[0].title).toBe(
      'Switch on invocation logging: 100 % of the dollars are known from metrics alone',
    );
    expect(notes.join(' ')).toContain('204 calls are known from CloudWatch metrics alone');
    expect(account.operations.filter((name) => name === 'GetMetricData')).toHaveLength(8);
  });

  it('compares them with Cost Explorer, and keeps what it fetched for the next time', async () => {
    const [hour = 0] = addMetrics(
      'us-east-1',
      { ModelId: SONNET },
      { Invocations: 10, InputTokenCount: 125_000 },
    );
    const days = [hour - 66 * HOUR_S, hour - 42 * HOUR_S].map((at) =>
      new Date(at * 1_000).toISOString().slice(0, 10),
    );
    for (const day of days) {
      account.costs.push(
        {
          day,
          service: 'Claude Sonnet 5.5 (Amazon Bedrock Edition)',
          usageType: 'USE1-MP:USE1_InputTokenCount-Units',
          usd: '1.10',
          quantity: '0.5',
          unit: 'Units',
        },
        {
          day,
          service: 'AmazonCloudWatch',
          usageType: 'CW:Requests',
          usd: '0.25',
          quantity: '1',
          unit: 'N/A',
        },
        {
          day,
          service: 'AmazonCloudWatch',
          usageType: 'CW:Requests',
          usd: '-0.125',
          quantity: '0',
          unit: 'N/A',
        },
      );
    }
    const save = join(folder, 'kept');
    const first = await analyze('cloudwatch:us-east-1', 'cost-explorer:', '--save', save, '--json');
    expect([first.code, first.stderr]).toEqual([0, '']);
    const { reconciliation, supportingServices, credits } = JSON.parse(first.stdout);
    expect(Number(credits.usedPerMonth)).toBeCloseTo(0.125 * 30.4375, 6);
    expect(Number(credits.besidePerMonth)).toBeCloseTo(0.25 * 30.4375, 6);
    const [row] = reconciliation;
    expect(row).toMatchObject({ model: 'anthropic.claude-sonnet-5-5', billedTokens: 1_000_000 });
    expect(Number(row.billed)).toBe(2.2);
    expect(supportingServices).toMatchObject([{ service: 'AmazonCloudWatch' }]);
    expect(readdirSync(save).sort()).toEqual(['cost-explorer.json', 'metrics-111122223333-us-east-1.jsonl']);
    const operations = account.operations.length;
    const again = await analyze(save, '--json');
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(first.stdout));
    expect(account.operations).toHaveLength(operations);
  });

  it('fetches outputs of batch jobs for the time of the analysis', async () => {
    const clock = createManualClock(Date.now() - 24 * HOUR_S * 1_000);
    const local = await startLocalBedrock({ clock, buckets: ['batches'] });
    const bedrock = new BedrockClient(local.clientConfig);
    const s3 = new S3Client(local.s3ClientConfig);
    try {
      const Body = Array.from({ length: 100 }, (_, index) =>
        JSON.stringify({
          recordId: `record-${index}`,
          modelInput: { messages: [{ role: 'user', content: [{ text: `Sum up ${index}.` }] }] },
        }),
      ).join('\n');
      await s3.send(new PutObjectCommand({ Bucket: 'batches', Key: 'in/records.jsonl', Body }));
      const { jobArn } = await bedrock.send(
        new CreateModelInvocationJobCommand({
          jobName: 'nightly',
          roleArn: 'arn:aws:iam::123456789012:role/batch',
          modelId: 'amazon.nova-lite-v1:0',
          modelInvocationType: 'Converse',
          inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://batches/in/records.jsonl' } },
          outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://batches/out/' } },
        }),
      );
      for (let round = 0; round < 100; round += 1) {
        const job = await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier: jobArn }));
        if (job.endTime !== undefined) break;
        await clock.advance(60_000);
      }
      const { code, stdout, stderr } = await runInside(['analyze', 'batch-jobs:us-east-1', '--json'], {
        env: localEnvironment(local, folder),
      });
      expect([code, stderr]).toEqual([0, '']);
      const { calls, total, attribution } = JSON.parse(stdout);
      expect([calls, attribution.tier[0].value]).toEqual([100, 'batch']);
      expect(Money.fromUsd(total).picoUsd).toBe(local.bill().total.picoUsd);
    } finally {
      bedrock.destroy();
      s3.destroy();
      await local.stop();
    }
  });

  it('says in one line what AWS refuses, and what is no Region', async () => {
    account.denied.add('ListMetrics');
    const refused = await analyze('cloudwatch:us-east-1');
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(/AWS refused \(AccessDeniedException\)/);
    const wrong = await analyze('cloudwatch:nowhere');
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining('"nowhere" of "cloudwatch:nowhere" is no Region'),
    ]);
    expect((await analyze('cloudwatch:us-east-1', '--days', '0')).stderr).toContain('--days "0"');
  });
});
