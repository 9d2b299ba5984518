import { BedrockClient } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { S3Client } from '@aws-sdk/client-s3';
import { batchClient } from '@costkit/batch';
import { receiptOf, withTags } from '@costkit/core';
import { startLocalBedrock } from '@costkit/local';

const local = await startLocalBedrock({ buckets: ['my-bucket'] });
const client = batchClient(new BedrockRuntimeClient(local.clientConfig), {
  bedrock: new BedrockClient(local.clientConfig),
  s3: new S3Client(local.s3ClientConfig),
  bucket: 'my-bucket',
  roleArn: 'arn:aws:iam::123456789012:role/batch',
  when: (_view, call) => call.tags['task'] === 'nightly',
  maxRecords: 100,
  pollMs: 100,
});

// The same code as ever: `send` resolves when the job has answered.
const outputs = await withTags({ task: 'nightly' }, () =>
  Promise.all(
    Array.from({ length: 100 }, (_, document) =>
      client.send(
        new ConverseCommand({
          modelId: 'us.amazon.nova-2-lite-v1:0',
          messages: [{ role: 'user', content: [{ text: `Tag document ${document}.` }] }],
        }),
      ),
    ),
  ),
);
const receipt = receiptOf(outputs[0]);
console.log(receipt?.mode, String(receipt?.cost), 'saved', String(receipt?.saved));
await local.stop();
