import assert from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts } from '@costkit/core';
import { proseModel, startLocalBedrock } from '@costkit/local';
import { withOutputLimit } from '@costkit/output-limiter';

const bedrock = await startLocalBedrock({ models: { '*': proseModel({ tokens: { mean: 150 } }) } });
const client = withOutputLimit(new BedrockRuntimeClient(bedrock.clientConfig), { maxTokens: 100 });

const { result, receipts } = await collectReceipts(async () => {
  const { stream } = await client.send(
    new ConverseStreamCommand({
      modelId: 'us.amazon.nova-lite-v1:0',
      messages: [{ role: 'user', content: [{ text: 'Tell me all about it.' }] }],
    }),
  );
  const stopReasons: (string | undefined)[] = [];
  for await (const { messageStop } of stream ?? []) {
    if (messageStop !== undefined) stopReasons.push(messageStop.stopReason);
  }
  return stopReasons;
});

// The cap cut the answer after 100 tokens; a second call wrote the rest into the same stream.
assert.deepEqual(result, ['end_turn']);
assert.deepEqual(
  receipts[0]?.attempts.map(({ purpose }) => purpose),
  ['answer', 'repair'],
);
await bedrock.stop();
