import { BedrockClient } from '@aws-sdk/client-bedrock';
import { S3Client } from '@aws-sdk/client-s3';
import { createBatch, fileJournal } from '../src/index.js';

// Runs one batch against the local Bedrock of its parent, which kills it whenever it likes.
const [endpoint = '', journal = '', name = ''] = process.argv.slice(2);
const config = {
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};
const batch = createBatch({
  bedrock: new BedrockClient(config),
  s3: new S3Client({ ...config, forcePathStyle: true }),
  bucket: 'reviews',
  roleArn: 'arn:aws:iam::123456789012:role/batch',
  model: 'us.amazon.nova-2-lite-v1:0',
  journal: fileJournal(journal),
  pollMs: 5,
});
for (let index = 0; index < 100; index += 1) {
  batch.add(`${name}-${index}`, {
    messages: [{ role: 'user', content: [{ text: `Summarise review ${index} of ${name}.` }] }],
  });
}
let answered = 0;
for await (const result of batch.run()) if (result.ok) answered += 1;
process.stdout.write(`answered ${answered}\n`);
