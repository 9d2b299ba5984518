import assert from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseCommand, type Message } from '@aws-sdk/client-bedrock-runtime';
import { windowMessages } from '@costkit/output-limiter';

const client = new BedrockRuntimeClient({ region: 'us-east-1' });
const conversation: Message[] = [];

for (let turn = 0; turn < 12; turn += 1) {
  conversation.push({ role: 'user', content: [{ text: `Question ${turn}: what comes next?` }] });
  const messages = windowMessages(conversation, { maxTokens: 800 });
  const { output } = await client.send(
    new ConverseCommand({ modelId: 'us.amazon.nova-lite-v1:0', messages }),
  );
  if (output?.message !== undefined) conversation.push(output.message);
}

const window = windowMessages(conversation, { maxTokens: 800 });
assert(window.length < conversation.length);
assert.equal(window[0], conversation[0]);
