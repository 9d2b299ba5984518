import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf } from '@costkit/core';
import { withRouter } from '@costkit/router';
import { secondModelCheck } from '@costkit/router/checks';

const client = withRouter(new BedrockRuntimeClient({ region: 'us-east-1' }), {
  tiers: [
    { name: 'cheap', modelId: 'us.amazon.nova-lite-v1:0' },
    { name: 'other-cheap', modelId: 'us.meta.llama3-3-70b-instruct-v1:0' },
    { name: 'strong', modelId: 'us.amazon.nova-pro-v1:0' },
  ],
  // The draft is the answer where two cheap models of different families agree.
  cascade: { tiers: ['cheap', 'strong'], check: secondModelCheck('other-cheap') },
});

const answer = await client.send(
  new ConverseCommand({
    modelId: 'us.amazon.nova-pro-v1:0',
    messages: [{ role: 'user', content: [{ text: 'How many legs have two spiders?' }] }],
    inferenceConfig: { maxTokens: 300 },
  }),
);

// Draft, second opinion and escalation are on one receipt.
const receipt = receiptOf(answer);
for (const { purpose, servedModel, cost } of receipt?.attempts ?? [])
  console.log(purpose, servedModel, String(cost));
console.log(receipt?.decisions[0]?.reason);
