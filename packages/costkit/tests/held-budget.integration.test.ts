import { BedrockClient } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { type BatchResult, createBatch } from '@costkit/batch';
import { createManualClock, type LocalBedrock, type ManualClock, startLocalBedrock } from '@costkit/local';
import { BudgetExceededError, type Meter } from '@costkit/meter';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { costkit, meterOf } from '../src/index.js';

const BUCKET = 'reviews';
const MODEL = 'us.amazon.nova-2-lite-v1:0';

let clock: ManualClock;
let bedrock: LocalBedrock;
let control: BedrockClient;
let s3: S3Client;
let bare: BedrockRuntimeClient;

beforeEach(async () => {
  clock = createManualClock(Date.parse('2026-11-16T00:00:00Z'));
  bedrock = await startLocalBedrock({ clock });
  control = new BedrockClient(bedrock.clientConfig);
  s3 = new S3Client(bedrock.s3ClientConfig);
  bare = new BedrockRuntimeClient(bedrock.clientConfig);
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
});
afterEach(async () => {
  for (const client of [control, s3, bare]) client.destroy();
  await bedrock.stop();
});

/** A client with a budget, and a batch that counts in it. */
function setUp(limitUsd: number): {
  client: BedrockRuntimeClient;
  meter: Meter;
  run: () => Promise<BatchResult[]>;
} {
  const time = { now: () => clock.now(), monotonicMs: () => clock.now() };
  const client = costkit(bare, {
    clock: time,
    meter: {
      budgets: [{ name: 'team', limitUsd, period: 'month', onExceed: 'block', waitMs: 0 }],
      clock: time,
    },
  });
  const meter = meterOf(client) as Meter;
  const batch = createBatch({
    bedrock: control,
    s3,
    bucket: BUCKET,
    roleArn: 'arn:aws:iam::123456789012:role/batch',
    model: MODEL,
    clock: { now: () => clock.now(), sleep: (ms: number) => clock.advance(ms) },
    budget: meter,
  });
  for (let index = 0; index < 300; index += 1) {
    batch.add(`r${index}`, {
      messages: [{ role: 'user', content: [{ text: `Summarise review number ${index}.` }] }],
      inferenceConfig: { maxTokens: 200 },
    });
  }
  const run = async (): Promise<BatchResult[]> => {
    const results: BatchResult[] = [];
    for await (const result of batch.run()) results.push(result);
    return results;
  };
  return { client, meter, run };
}

const ask = new ConverseCommand({
  modelId: MODEL,
  messages: [{ role: 'user', content: [{ text: 'Where is my parcel?' }] }],
  inferenceConfig: { maxTokens: 50 },
});

describe('a budget that calls and batch jobs share', () => {
  it('refuses a job of 300 records as a whole, before anything is staged', async () => {
    const { client, meter, run } = setUp(0.01);
    await expect(run()).rejects.toBeInstanceOf(BudgetExceededError);
    expect((await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))).KeyCount).toBe(0);
    expect(bedrock.bill().lines).toEqual([]);
    // Nothing stays held: calls go on.
    expect(meter.remaining('team').usd).toBe(0.01);
    await client.send(ask);
  });

  it('holds a job while it runs, and ends with what the bill says', async () => {
    const { client, meter, run } = setUp(1);
    const running = run();
    await client.send(ask);
    const results = await running;
    expect(results.every(({ ok }) => ok)).toBe(true);
    const spent = 10n ** 12n - meter.remaining('team').picoUsd;
    expect(spent).toBe(bedrock.bill().total.picoUsd);
    const { rows, total } = meter.report({ by: ['mode'] });
    expect(total.cost.picoUsd).toBe(spent);
    expect(rows.map(({ group, calls }) => [group['mode'], calls])).toEqual([
      ['batch', 300],
      ['standard', 1],
    ]);
  });

  it('leaves calls no room that a job holds', async () => {
    const probe = setUp(1);
    const reservation = await probe.meter.reserve({ amount: probe.meter.remaining('team') });
    await expect(probe.client.send(ask)).rejects.toBeInstanceOf(BudgetExceededError);
    reservation.settle(undefined);
    expect(probe.meter.remaining('team').picoUsd).toBe(0n);
    reservation.settle(undefined);
    expect(probe.meter.remaining('team').picoUsd).toBe(0n);
  });
});
