import assert from 'node:assert/strict';
import { BedrockClient } from '@aws-sdk/client-bedrock';
import { S3Client } from '@aws-sdk/client-s3';
import { createBatch } from '@costkit/batch';
import { createManualClock, startLocalBedrock } from '@costkit/local';

// Jobs of hours on a clock of your own; the 41st record finds the job's time is up.
const clock = createManualClock(Date.parse('2026-11-16T00:00:00Z'));
const local = await startLocalBedrock({
  clock,
  buckets: ['my-bucket'],
  batch: { trouble: { beforeRecord: ({ index }) => (index === 40 ? { kind: 'expire' } : undefined) } },
});
const batch = createBatch({
  bedrock: new BedrockClient(local.clientConfig),
  s3: new S3Client(local.s3ClientConfig),
  bucket: 'my-bucket',
  roleArn: 'arn:aws:iam::123456789012:role/batch',
  model: 'us.amazon.nova-2-lite-v1:0',
  clock: { now: () => clock.now(), sleep: (ms) => clock.advance(ms) },
});
for (let index = 0; index < 100; index += 1) {
  batch.add(`r${index}`, { messages: [{ role: 'user', content: [{ text: `Review ${index}` }] }] });
}

const left: string[] = [];
for await (const result of batch.run()) if (!result.ok) left.push(result.errorCode);
assert.equal(left.length, 60);
assert(left.every((errorCode) => errorCode === 'Expired'));
await local.stop();
