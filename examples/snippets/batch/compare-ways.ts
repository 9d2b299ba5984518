import { BedrockClient } from '@aws-sdk/client-bedrock';
import { S3Client } from '@aws-sdk/client-s3';
import { createBatch } from '@costkit/batch';

const region = 'us-east-1';
const rules = 'Sort every mail by these rules, in this order, and name the rule that decided. '.repeat(300);
const batch = createBatch({
  bedrock: new BedrockClient({ region }),
  s3: new S3Client({ region }),
  bucket: 'my-bucket',
  roleArn: 'arn:aws:iam::123456789012:role/batch',
  model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
});
for (let mail = 0; mail < 500; mail += 1) {
  batch.add(`mail-${mail}`, {
    system: [{ text: rules }],
    messages: [{ role: 'user', content: [{ text: `Mail ${mail}` }] }],
    inferenceConfig: { maxTokens: 50 },
  });
}
const forecast = await batch.forecast();
console.log('batch', String(forecast.highest));
for (const { way, highest, isCheaper } of forecast.alternatives) {
  console.log(way, String(highest), isCheaper ? 'is cheaper' : '');
}
