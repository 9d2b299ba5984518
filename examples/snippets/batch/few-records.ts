import { BedrockClient } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { S3Client } from '@aws-sdk/client-s3';
import { createBatch } from '@costkit/batch';
import { startLocalBedrock } from '@costkit/local';

const local = await startLocalBedrock({ buckets: ['my-bucket'] });
const batch = createBatch({
  bedrock: new BedrockClient(local.clientConfig),
  s3: new S3Client(local.s3ClientConfig),
  bucket: 'my-bucket',
  roleArn: 'arn:aws:iam::123456789012:role/batch',
  model: 'us.amazon.nova-2-lite-v1:0',
  // A job takes at least 100 records; fewer go one by one: at the flex tier, else on demand.
  onDemand: new BedrockRuntimeClient(local.clientConfig),
});
batch.add('only', { messages: [{ role: 'user', content: [{ text: 'Summarise this review.' }] }] });
for await (const result of batch.run()) if (result.ok) console.log(result.mode, String(result.cost));
await local.stop();
