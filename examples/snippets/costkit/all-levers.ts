import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { costkit, meterOf, withTags } from 'costkit';

const client = costkit(new BedrockRuntimeClient({ region: 'us-east-1' }), {
  router: {
    tiers: [
      { name: 'small', modelId: 'us.anthropic.claude-haiku-5-5' },
      { name: 'strong', modelId: 'us.anthropic.claude-opus-5' },
    ],
    rules: [{ when: { task: 'classify' }, tier: 'small', reason: 'our evaluation of May showed no loss' }],
  },
  promptCache: {},
  outputLimit: { caps: { classify: 20 } },
  meter: {
    budgets: [{ name: 'daily', limitUsd: 50, period: 'day', onExceed: 'downgrade' }],
    maxOutputTokens: 2_000,
  },
});

await withTags({ feature: 'inbox', task: 'classify' }, () =>
  client.send(
    new ConverseCommand({
      modelId: 'us.anthropic.claude-opus-5',
      messages: [
        { role: 'user', content: [{ text: 'Is this message a complaint? "The parcel was open."' }] },
      ],
    }),
  ),
);

for (const { group, calls, cost } of meterOf(client)?.report({ by: ['feature', 'servedModel'] }).rows ?? []) {
  console.log(group['feature'], group['servedModel'], calls, String(cost));
}
