import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf } from '@costkit/core';
import { memoryStore } from '@costkit/core/memory-store';
import { withRouter } from '@costkit/router';

// In production: get, set and delete of your Redis, DynamoDB or whatever your processes share.
const store = memoryStore();
const client = withRouter(new BedrockRuntimeClient({ region: 'us-east-1' }), {
  tiers: [
    { name: 'cheap', modelId: 'us.anthropic.claude-haiku-5-5' },
    { name: 'strong', modelId: 'us.anthropic.claude-opus-5-5' },
  ],
  cascade: { check: ({ text }) => text.length > 200 },
  store,
});

const answer = await client.send(
  new ConverseCommand({
    modelId: 'us.anthropic.claude-opus-5-5',
    messages: [{ role: 'user', content: [{ text: 'Where is my parcel?' }] }],
  }),
);
console.log(receiptOf(answer)?.decisions[0]?.reason);
