import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf, withTags } from '@costkit/core';
import { withRouter } from '@costkit/router';

const client = withRouter(new BedrockRuntimeClient({ region: 'us-east-1' }), {
  tiers: [
    { name: 'small', modelId: 'us.amazon.nova-lite-v1:0' },
    { name: 'middle', modelId: 'us.anthropic.claude-haiku-5-5' },
    { name: 'strong', modelId: 'us.anthropic.claude-opus-5-5' },
  ],
  rules: [
    { when: { task: 'contract' }, tier: 'strong', force: true, reason: 'contracts are read by lawyers' },
    { when: { task: ['label', 'extract'], maxInputTokens: 2_000, tools: false }, tier: 'small' },
    { when: (view, call) => call.tags['team'] === 'care' && view.lastUserText.length < 400, tier: 'middle' },
  ],
});

const answer = await withTags({ task: 'label' }, () =>
  client.send(
    new ConverseCommand({
      modelId: 'us.anthropic.claude-opus-5-5',
      messages: [{ role: 'user', content: [{ text: 'Label this mail: "Thanks, all arrived."' }] }],
    }),
  ),
);
console.log(receiptOf(answer)?.decisions[0]?.reason);
