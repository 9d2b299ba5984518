import { BedrockClient } from '@aws-sdk/client-bedrock';
import { S3Client } from '@aws-sdk/client-s3';
import { createBatch } from '@costkit/batch';
import { startLocalBedrock } from '@costkit/local';

// Here on the local Bedrock; with an account: new BedrockClient({}) and new S3Client({}).
const local = await startLocalBedrock({ buckets: ['my-bucket'] });
const batch = createBatch({
  bedrock: new BedrockClient(local.clientConfig),
  s3: new S3Client(local.s3ClientConfig),
  bucket: 'my-bucket',
  roleArn: 'arn:aws:iam::123456789012:role/batch',
  model: 'us.amazon.nova-2-lite-v1:0',
  maxUsd: 1,
  pollMs: 100,
});

for (let review = 0; review < 100; review += 1) {
  batch.add(`review-${review}`, {
    messages: [{ role: 'user', content: [{ text: `Summarise review ${review}.` }] }],
    inferenceConfig: { maxTokens: 200 },
  });
}
console.log('at most', String((await batch.forecast()).highest));

let answered = 0;
for await (const result of batch.run()) {
  if (result.ok) answered += 1;
  else console.log(result.recordId, result.errorCode, result.errorMessage);
}
console.log(answered, 'answered for', String(local.bill().total));
await local.stop();
