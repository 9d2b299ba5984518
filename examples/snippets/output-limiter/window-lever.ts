import assert from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseCommand, type Message } from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts } from '@costkit/core';
import { withOutputLimit } from '@costkit/output-limiter';

const client = withOutputLimit(new BedrockRuntimeClient({ region: 'us-east-1' }), {
  window: { maxTokens: 800 },
});
const conversation: Message[] = [];

const { receipts } = await collectReceipts(async () => {
  for (let turn = 0; turn < 12; turn += 1) {
    conversation.push({ role: 'user', content: [{ text: `Question ${turn}: what comes next?` }] });
    // The whole conversation, every time: what is left out is the client's to decide.
    const { output } = await client.send(
      new ConverseCommand({ modelId: 'us.amazon.nova-lite-v1:0', messages: conversation }),
    );
    if (output?.message !== undefined) conversation.push(output.message);
  }
});

const last = receipts.at(-1)?.decisions.find(({ lever }) => lever === 'output-limiter');
assert.equal(last?.action, 'left out earlier turns');
console.log(last.reason, `${last.estimatedSaving} saved by this request`);
