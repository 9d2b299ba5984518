import assert from 'node:assert/strict';
import { chunkText } from '@costkit/embeddings';

const markdown =
  '# Returns\n\nThe customer pays for the return.\n\n# Delivery\n\nA parcel takes three days.\n';
const chunks = chunkText(markdown, { maxTokens: 12 });

assert.equal(chunks.map(({ text }) => text).join(''), markdown);
for (const { start, tokens, text } of chunks) console.log(start, tokens.toFixed(0), JSON.stringify(text));
