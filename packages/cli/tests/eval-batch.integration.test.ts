import { BedrockClient } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { S3Client } from '@aws-sdk/client-s3';
import { batchClient } from '@costkit/batch';
import { Money } from '@costkit/core';
import { createManualClock, type LocalBedrock, type ManualClock, startLocalBedrock } from '@costkit/local';
import { evaluateTiers, forecastEvaluation, makeGrader } from '@costkit/router/evaluation';
import { afterEach, beforeEach, expect, it } from 'vitest';

const TIERS = [
  { name: 'cheap', modelId: 'us.amazon.nova-lite-v1:0' },
  { name: 'strong', modelId: 'us.amazon.nova-pro-v1:0' },
];
const CASES = 120;
/** Nobody waits so long: a job starts when all are there. */
const NEVER_MS = 86_400_000;

let clock: ManualClock;
let bedrock: LocalBedrock;
let runtime: BedrockRuntimeClient;
beforeEach(async () => {
  clock = createManualClock(Date.parse('2026-11-16T00:00:00Z'));
  bedrock = await startLocalBedrock({ clock, buckets: ['evaluations'] });
  runtime = new BedrockRuntimeClient(bedrock.clientConfig);
});
afterEach(async () => {
  runtime.destroy();
  await bedrock.stop();
});

it('evaluates by batch jobs at half price, all calls at once', async () => {
  const client = batchClient(runtime, {
    bedrock: new BedrockClient(bedrock.clientConfig),
    s3: new S3Client(bedrock.s3ClientConfig),
    bucket: 'evaluations',
    roleArn: 'arn:aws:iam::123456789012:role/batch',
    maxWaitMs: NEVER_MS,
    maxRecords: CASES,
    clock: {
      now: () => clock.now(),
      sleep: (ms, signal) => (ms === NEVER_MS ? clock.sleep(ms, signal) : clock.advance(ms)),
    },
  });
  const options = {
    cases: Array.from({ length: CASES }, (_, index) => ({
      id: String(index),
      task: 'summarise',
      request: {
        messages: [{ role: 'user', content: [{ text: `Summarise review ${index}.` }] }],
        inferenceConfig: { maxTokens: 1_000 },
      },
    })),
    tiers: TIERS,
    grade: makeGrader({ id: 'any' }, ({ text }) => text !== ''),
  };
  const onDemand = await forecastEvaluation({ ...options, client: runtime });
  const report = await evaluateTiers({ ...options, client });
  expect(report.forecast.expectedUsd).toBeCloseTo((onDemand.expectedUsd ?? 0) / 2, 12);
  expect(report.forecast.highestUsd).toBe(onDemand.highestUsd);
  expect(report.spentUsdExact).toBe(Money.fromPicoUsd(bedrock.bill().total.picoUsd).toUsdString());
  expect(report.outcomes).toHaveLength(2 * CASES);
  for (const { usd, paidUsd, latencyMs } of report.outcomes) {
    expect(paidUsd).toBeCloseTo((usd ?? 0) / 2, 12);
    expect(latencyMs).toBeNull();
  }
  expect(report.tasks[0]?.tiers[0]).toMatchObject({ medianLatencyMs: null, p95LatencyMs: null });
  expect(report.tasks[0]?.choice).toBe('cheap');
}, 60_000);
