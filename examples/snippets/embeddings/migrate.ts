import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { memoryStore, planSync, syncEmbeddings } from '@costkit/embeddings';

const options = {
  client: new BedrockRuntimeClient({ region: 'us-east-1' }),
  model: 'amazon.titan-embed-text-v2:0',
  source: [{ id: 'returns.md', text: '# Returns\n\nThe customer pays for the return.' }],
  sink: memoryStore(),
};
await syncEmbeddings(options);

const smaller = { ...options, dimensions: 256 };
const { migration, embed } = await planSync(smaller);
console.log(`${migration?.records} chunks leave ${migration?.from}, for about ${embed.cost}`);

const queries = [{ query: 'Who pays for the return?', evidence: [{ document: 'returns.md' }] }];
const { recall } = await syncEmbeddings({ ...smaller, migrate: true, queries });
console.log(`recall ${recall?.before} before, ${recall?.after} after`);
