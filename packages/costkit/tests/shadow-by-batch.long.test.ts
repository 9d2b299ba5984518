import { BedrockClient } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { S3Client } from '@aws-sdk/client-s3';
import { batchClient } from '@costkit/batch';
import { collectReceipts, Money, withTags } from '@costkit/core';
import { createManualClock, startLocalBedrock } from '@costkit/local';
import { expect, it, onTestFinished } from 'vitest';
import { costkit } from '../src/index.js';

const CALLS = 100;
const BUCKET = 'shadows';
const CHEAP = 'us.amazon.nova-lite-v1:0';
const STRONG = 'us.amazon.nova-pro-v1:0';

it('has what a policy moves down answered by the strong model too, in a batch job at half price', async () => {
  const clock = createManualClock(Date.parse('2026-11-16T00:00:00Z'));
  const bedrock = await startLocalBedrock({ clock, buckets: [BUCKET] });
  const bare = new BedrockRuntimeClient(bedrock.clientConfig);
  const control = new BedrockClient(bedrock.clientConfig);
  const s3 = new S3Client(bedrock.s3ClientConfig);
  onTestFinished(async () => {
    for (const client of [bare, control, s3]) client.destroy();
    await bedrock.stop();
  });
  let pairs = 0;
  const client = costkit(bare, {
    router: {
      tiers: [
        { name: 'cheap', modelId: CHEAP },
        { name: 'strong', modelId: STRONG },
      ],
      policy: { version: 1, createdAt: '2026-11-15', tasks: { faq: { tier: 'cheap' } } },
      shadow: {
        client: batchClient(bare, {
          bedrock: control,
          s3,
          bucket: BUCKET,
          roleArn: 'arn:aws:iam::123456789012:role/batch',
          clock: { now: () => clock.now(), sleep: (ms, signal) => clock.sleep(ms, signal) },
          maxRecords: CALLS,
        }),
        share: 1,
        loss: () => 0,
        onPair: (report) => {
          pairs = report.pairs;
        },
      },
    },
  });
  const { receipts } = await collectReceipts(async () => {
    const ask = (index: number) =>
      client.send(
        new ConverseCommand({
          modelId: STRONG,
          messages: [{ role: 'user', content: [{ text: `Question ${index}?` }] }],
          inferenceConfig: { maxTokens: 50 },
        }),
      );
    await withTags({ task: 'faq' }, () =>
      Promise.all(Array.from({ length: CALLS }, (_, index) => ask(index))),
    );
    while (pairs < CALLS) {
      await new Promise((resolve) => setImmediate(resolve));
      await clock.advance(30_000);
    }
  });
  const [shadows, answers] = [true, false].map((isShadow) =>
    receipts.filter(({ tags }) => (tags['feature'] === 'costkit-shadow') === isShadow),
  );
  expect(answers?.map(({ servedModel }) => servedModel)).toEqual(Array(CALLS).fill('amazon.nova-lite-v1:0'));
  expect(shadows?.map(({ servedModel, mode }) => [servedModel, mode])).toEqual(
    Array(CALLS).fill(['amazon.nova-pro-v1:0', 'batch']),
  );
  // Half of what the same tokens would have cost at once.
  for (const { cost, saved } of shadows ?? []) expect(saved?.picoUsd).toBe(cost?.picoUsd);
  expect(Money.sum(receipts.map(({ cost }) => cost ?? Money.zero)).picoUsd).toBe(
    bedrock.bill().total.picoUsd,
  );
});
