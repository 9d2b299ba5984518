import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { S3Client } from '@aws-sdk/client-s3';
import { analyzeLogs } from '@costkit/insights';
import { startLocalBedrock } from '@costkit/local';

const local = await startLocalBedrock({ buckets: ['logs'], logging: { s3Config: { bucketName: 'logs' } } });
const client = new BedrockRuntimeClient(local.clientConfig);
await client.send(
  new ConverseCommand({
    modelId: 'us.amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Why is the sky blue?' }] }],
  }),
);
await local.flushLogs();

// With an account: new S3Client({}), which needs s3:ListBucket and s3:GetObject on the prefix.
const { attribution } = await analyzeLogs({
  source: 's3://logs/AWSLogs',
  s3: new S3Client(local.s3ClientConfig),
});
for (const { value, calls, cost } of attribution.model) console.log(value, calls, String(cost));
await local.stop();
