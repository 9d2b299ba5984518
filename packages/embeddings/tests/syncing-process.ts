import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { libsqlStore, syncEmbeddings } from '@costkit/embeddings';
import { aCorpus } from './a-corpus.js';

// Syncs against the local Bedrock of its parent, which kills it in the middle.
const [endpoint = '', file = ''] = process.argv.slice(2);
await syncEmbeddings({
  client: new BedrockRuntimeClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  }),
  model: 'amazon.titan-embed-text-v2:0',
  source: aCorpus(20),
  sink: libsqlStore({ file }),
  concurrency: 4,
  lockTtlMs: 300,
  onProgress: ({ phase, done }) => process.stdout.write(`${phase} ${done}\n`),
});
