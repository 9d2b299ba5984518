import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf, withTags } from '@costkit/core';
import { withMeter } from '@costkit/meter';
import { loadRoutingPolicy, routerPlugin } from '@costkit/router';

const router = routerPlugin({
  tiers: [
    { name: 'cheap', modelId: 'us.anthropic.claude-haiku-5-5' },
    { name: 'strong', modelId: 'us.anthropic.claude-opus-5-5' },
  ],
  policy: await loadRoutingPolicy(new URL('routing-policy.json', import.meta.url)),
});
const client = withMeter(new BedrockRuntimeClient({ region: 'us-east-1' }), {
  budgets: [{ name: 'daily', limitUsd: 0.01, period: 'day', onExceed: 'downgrade' }],
  maxOutputTokens: 400,
  ladder: router.ladder,
});
client.middlewareStack.use(router);

for (const question of ['Where is my parcel?', 'May I send it back?', 'Who pays for that?']) {
  const answer = await withTags({ task: 'answer-mail' }, () =>
    client.send(
      new ConverseCommand({
        modelId: 'us.anthropic.claude-opus-5-5',
        messages: [{ role: 'user', content: [{ text: question }] }],
      }),
    ),
  );
  console.log(receiptOf(answer)?.servedModel);
}
