import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BedrockClient } from '@aws-sdk/client-bedrock';
import { S3Client } from '@aws-sdk/client-s3';
import { createBatch, jsonlRecords } from '@costkit/batch';
import { startLocalBedrock } from '@costkit/local';

const local = await startLocalBedrock({ buckets: ['my-bucket'] });
const folder = await mkdtemp(join(tmpdir(), 'mails-'));
const file = join(folder, 'mails.jsonl');
const line = (mail: number) =>
  JSON.stringify({
    recordId: `mail-${mail}`,
    input: { messages: [{ role: 'user', content: [{ text: `Sort mail ${mail % 150}.` }] }] },
  });
await writeFile(file, Array.from({ length: 200 }, (_, mail) => line(mail)).join('\n'));

const batch = createBatch({
  bedrock: new BedrockClient(local.clientConfig),
  s3: new S3Client(local.s3ClientConfig),
  bucket: 'my-bucket',
  roleArn: 'arn:aws:iam::123456789012:role/batch',
  model: 'us.amazon.nova-2-lite-v1:0',
  // Read one line at a time, and never held. csvRecords and parquetRecords do the same for tables.
  source: jsonlRecords(file),
  // In the order of the file; who asked the same shares an answer.
  order: 'input',
  mergeIdentical: true,
  pollMs: 100,
});
let shared = 0;
for await (const result of batch.run()) if (result.ok && result.isShared) shared += 1;
console.log(shared, 'of 200 answered with others');
await rm(folder, { recursive: true });
await local.stop();
