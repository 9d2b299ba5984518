import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BedrockClient } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { S3Client } from '@aws-sdk/client-s3';
import { bulkInvoker, fileJournal } from '@costkit/batch';
import { memoryStore, syncEmbeddings } from '@costkit/embeddings';
import { startLocalBedrock } from '@costkit/local';

const local = await startLocalBedrock({ buckets: ['my-bucket'] });
// Beside the store: who runs the same sync again goes on by it.
const journal = join(mkdtempSync(join(tmpdir(), 'handbook-')), 'jobs.journal');

const { embedded } = await syncEmbeddings({
  client: new BedrockRuntimeClient(local.clientConfig),
  model: 'amazon.titan-embed-text-v2:0',
  source: Array.from({ length: 120 }, (_, rule) => ({
    id: `${rule}.md`,
    text: `Rule ${rule} of the house.`,
  })),
  sink: memoryStore(),
  bulk: bulkInvoker({
    bedrock: new BedrockClient(local.clientConfig),
    s3: new S3Client(local.s3ClientConfig),
    bucket: 'my-bucket',
    roleArn: 'arn:aws:iam::123456789012:role/batch',
    journal: fileJournal(journal),
    pollMs: 100,
  }),
});
console.log(`${embedded.texts} texts for ${embedded.cost}, half of what single calls cost`);
await local.stop();
