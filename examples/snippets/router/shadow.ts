import { setTimeout } from 'node:timers/promises';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { withTags } from '@costkit/core';
import { loadRoutingPolicy, type ShadowReport, withRouter } from '@costkit/router';

const bare = new BedrockRuntimeClient({ region: 'us-east-1' });
const reports: ShadowReport[] = [];
const client = withRouter(bare, {
  tiers: [
    { name: 'cheap', modelId: 'us.anthropic.claude-haiku-5-5' },
    { name: 'strong', modelId: 'us.anthropic.claude-opus-5-5' },
  ],
  // Read anew every minute: what is committed and deployed holds without a restart.
  policy: () => loadRoutingPolicy(new URL('routing-policy.json', import.meta.url)),
  shadow: {
    // In production: batchClient(bare, …) of @costkit/batch, at half price.
    client: bare,
    share: 1,
    loss: ({ cheap, strong }) => (cheap.text.slice(0, 9) === strong.text.slice(0, 9) ? 0 : 1),
    onPair: (report) => reports.push(report),
  },
});

await withTags({ task: 'sort-mail' }, () =>
  client.send(
    new ConverseCommand({
      modelId: 'us.anthropic.claude-opus-5-5',
      messages: [{ role: 'user', content: [{ text: 'Complaint or praise? "It broke."' }] }],
    }),
  ),
);
while (reports.length === 0) await setTimeout(5);
console.log(reports[0]);
