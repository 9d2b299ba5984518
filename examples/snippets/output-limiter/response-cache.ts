import assert from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf } from '@costkit/core';
import { withResponseCache } from '@costkit/output-limiter/response-cache';

const client = withResponseCache(new BedrockRuntimeClient({ region: 'us-east-1' }), {
  ttlMs: 300_000,
  // Only calls of one tenant share an answer. Without it, only calls with the same tags do.
  scope: ({ tenant = '' }) => tenant,
});
const ask = () =>
  client.send(
    new ConverseCommand({
      modelId: 'us.amazon.nova-lite-v1:0',
      messages: [{ role: 'user', content: [{ text: 'Is the shop open on Sundays?' }] }],
    }),
  );

const [first, second] = await Promise.all([ask(), ask()]);
assert.deepEqual(second.output, first.output);
assert.equal(receiptOf(second)?.cost?.usd, 0);
