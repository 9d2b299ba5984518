import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf } from '@costkit/core';
import { withRouter } from '@costkit/router';

const client = withRouter(new BedrockRuntimeClient({ region: 'us-east-1' }), {
  tiers: [
    { name: 'small', modelId: 'us.amazon.nova-lite-v1:0' },
    { name: 'strong', modelId: 'us.amazon.nova-pro-v1:0' },
  ],
  // Calls that nobody has tagged: by what their system prompt begins with, else by what they look like.
  systemPrompts: { 'sort-mail': 'You sort support mail.' },
  rules: [{ when: { shape: ['classification', 'extraction'] }, tier: 'small', reason: 'a label is short' }],
});

const answer = await client.send(
  new ConverseCommand({
    modelId: 'us.amazon.nova-pro-v1:0',
    messages: [
      {
        role: 'user',
        content: [{ text: 'Label the sentiment: positive, negative or neutral. "It broke."' }],
      },
    ],
    inferenceConfig: { maxTokens: 10 },
  }),
);
console.log(receiptOf(answer)?.decisions[0]?.reason);
