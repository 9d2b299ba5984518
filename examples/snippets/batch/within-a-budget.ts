import assert from 'node:assert/strict';
import { BedrockClient } from '@aws-sdk/client-bedrock';
import { S3Client } from '@aws-sdk/client-s3';
import { createBatch } from '@costkit/batch';
import { startLocalBedrock } from '@costkit/local';
import { createMeter } from '@costkit/meter';

const local = await startLocalBedrock({ buckets: ['my-bucket'] });
// With costkit(client), its own meter: meterOf(client).
const meter = createMeter({
  budgets: [{ name: 'nightly', limitUsd: 1, period: 'day', match: { team: 'search' }, onExceed: 'block' }],
});
const tags = { team: 'search' };

const batch = createBatch({
  bedrock: new BedrockClient(local.clientConfig),
  s3: new S3Client(local.s3ClientConfig),
  bucket: 'my-bucket',
  roleArn: 'arn:aws:iam::123456789012:role/batch',
  model: 'us.amazon.nova-2-lite-v1:0',
  budget: meter,
  tags,
  pollMs: 100,
});
for (let review = 0; review < 100; review += 1) {
  batch.add(`review-${review}`, {
    messages: [{ role: 'user', content: [{ text: `Summarise review ${review}.` }] }],
    inferenceConfig: { maxTokens: 200 },
  });
}

// Throws BudgetExceededError before anything is staged, where the worst case of all records does not fit.
for await (const { ok } of batch.run()) assert(ok);

console.log(String(local.bill().total), 'spent,', String(meter.remaining('nightly', tags)), 'left');
await local.stop();
