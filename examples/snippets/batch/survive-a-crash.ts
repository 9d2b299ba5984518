import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BedrockClient } from '@aws-sdk/client-bedrock';
import { S3Client } from '@aws-sdk/client-s3';
import { createBatch, fileJournal } from '@costkit/batch';
import { startLocalBedrock } from '@costkit/local';

const local = await startLocalBedrock({ buckets: ['my-bucket'] });
const folder = await mkdtemp(join(tmpdir(), 'nightly-'));
const options = {
  bedrock: new BedrockClient(local.clientConfig),
  s3: new S3Client(local.s3ClientConfig),
  bucket: 'my-bucket',
  roleArn: 'arn:aws:iam::123456789012:role/batch',
  model: 'us.amazon.nova-2-lite-v1:0',
  journal: fileJournal(join(folder, 'nightly.journal')),
  pollMs: 100,
};

// The first process begins the job, and dies while it waits.
const crash = new AbortController();
const first = createBatch({ ...options, signal: crash.signal, onProgress: () => crash.abort() });
for (let page = 0; page < 100; page += 1) {
  first.add(`page-${page}`, { messages: [{ role: 'user', content: [{ text: `Translate page ${page}.` }] }] });
}
try {
  for await (const _ of first.run()) {
  }
} catch (error) {
  console.log(error instanceof Error ? error.name : error);
}

// The next one needs the journal only.
let answered = 0;
for await (const result of createBatch(options).resume()) if (result.ok) answered += 1;
console.log(answered, 'answered,', local.bill().lines.length, 'paid');
await rm(folder, { recursive: true });
await local.stop();
