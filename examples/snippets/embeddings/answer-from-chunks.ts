import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { createQueryEmbedder, memoryStore, syncEmbeddings } from '@costkit/embeddings';
import { fitChunks } from '@costkit/output-limiter';

const client = new BedrockRuntimeClient({ region: 'us-east-1' });
const model = 'amazon.titan-embed-text-v2:0';
const source = [{ id: 'returns.md', text: '# Returns\n\nThe customer pays for the return.' }];
const sink = memoryStore();
await syncEmbeddings({ client, model, source, sink });

const question = 'Who pays for the return?';
const { embed, space } = createQueryEmbedder({ client, model });
const found = await sink.query(await embed(question), { space, limit: 30 });
const chunks = fitChunks(found, { maxTokens: 2_000, query: question });
const context = chunks.map(({ document, text }) => `${document}:\n${text}`).join('\n\n');

const { output } = await client.send(
  new ConverseCommand({
    modelId: 'us.amazon.nova-2-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: `${context}\n\n${question}` }] }],
  }),
);
console.log(output?.message?.content?.[0]?.text);
