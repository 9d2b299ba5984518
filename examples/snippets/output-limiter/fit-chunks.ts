import assert from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { fitChunks } from '@costkit/output-limiter';

const client = new BedrockRuntimeClient({ region: 'us-east-1' });
const query = 'Who pays the postage when I send a lamp back?';

// What a search has found: its score where it has one, the document and the place where they are known.
const found = [
  { document: 'shipping', position: 4, score: 0.61, text: 'Parcels leave the house on every working day.' },
  { document: 'returns', position: 1, score: 0.83, text: 'The customer pays the postage of a return.' },
  { document: 'faq', position: 9, score: 0.8, text: 'The customer pays the postage of a return.' },
  { document: 'returns', position: 0, score: 0.58, text: 'A lamp may be sent back within thirty days.' },
];
const chunks = fitChunks(found, { query, maxTokens: 25 });
assert.deepEqual(
  chunks.map(({ document, position }) => `${document} ${position}`),
  ['returns 0', 'returns 1'],
);

await client.send(
  new ConverseCommand({
    modelId: 'us.amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [...chunks.map(({ text }) => ({ text })), { text: query }] }],
  }),
);
