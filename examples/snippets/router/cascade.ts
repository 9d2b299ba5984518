import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf } from '@costkit/core';
import { withRouter } from '@costkit/router';

const client = withRouter(new BedrockRuntimeClient({ region: 'us-east-1' }), {
  tiers: [
    { name: 'cheap', modelId: 'us.anthropic.claude-haiku-5-5' },
    { name: 'strong', modelId: 'us.anthropic.claude-opus-5-5' },
  ],
  cascade: {
    check: ({ text, stopReason }) =>
      stopReason === 'end_turn' && text.length > 200
        ? true
        : { accept: false, reason: 'the answer is cut or too short' },
  },
});

const answer = await client.send(
  new ConverseStreamCommand({
    modelId: 'us.anthropic.claude-opus-5-5',
    messages: [{ role: 'user', content: [{ text: 'How do I return a parcel?' }] }],
  }),
);
for await (const event of answer.stream ?? [])
  process.stdout.write(event.contentBlockDelta?.delta?.text ?? '');

const receipt = receiptOf(answer);
for (const { purpose, servedModel, cost } of receipt?.attempts ?? [])
  console.log(purpose, servedModel, String(cost));
console.log(receipt?.decisions[0]?.reason, String(receipt?.saved));
