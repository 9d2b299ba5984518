import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf, withTags } from '@costkit/core';
import { loadRoutingPolicy, withRouter } from '@costkit/router';

const client = withRouter(new BedrockRuntimeClient({ region: 'us-east-1' }), {
  tiers: [
    { name: 'cheap', modelId: 'us.anthropic.claude-haiku-5-5' },
    { name: 'strong', modelId: 'us.anthropic.claude-opus-5-5' },
  ],
  policy: await loadRoutingPolicy(new URL('routing-policy.json', import.meta.url)),
});

const answer = await withTags({ task: 'sort-mail' }, () =>
  client.send(
    new ConverseCommand({
      modelId: 'us.anthropic.claude-opus-5-5',
      messages: [
        { role: 'user', content: [{ text: 'Complaint, question or praise? "Where is my parcel?"' }] },
      ],
    }),
  ),
);

const receipt = receiptOf(answer);
console.log(receipt?.servedModel, `saved ${receipt?.saved} of ${receipt?.baseline}`);
for (const { action, reason } of receipt?.decisions ?? []) console.log(`${action}: ${reason}`);
