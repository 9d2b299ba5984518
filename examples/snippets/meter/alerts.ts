import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { withTags } from '@costkit/core';
import { createMeter, withMeter } from '@costkit/meter';
import { alertText, callbackChannel, createAlerts } from '@costkit/meter/alerts';

const alerts = createAlerts({
  per: 'feature',
  timeZone: 'Europe/Berlin',
  thresholds: [
    { name: 'an expensive hour', metric: 'spendUsd', above: 50 },
    { name: 'a cold cache', metric: 'cacheHitRate', below: 0.5, minCalls: 100 },
    { name: 'many calls', metric: 'calls', above: 2, windowMs: 60_000 },
  ],
  // Beside it webhookChannel('https://hooks.example.com/T1') and snsChannel(new SNSClient({}), topicArn).
  channels: [callbackChannel((alert) => console.log(alertText(alert)))],
});
// Budgets and the loop breaker tell by the same channels.
const meter = createMeter({ sinks: [alerts], onAlert: alerts.deliver });
const client = withMeter(new BedrockRuntimeClient({ region: 'us-east-1' }), { meter });

for (let call = 0; call < 3; call += 1) {
  await withTags({ feature: 'chat' }, () =>
    client.send(
      new ConverseCommand({
        modelId: 'us.amazon.nova-lite-v1:0',
        messages: [{ role: 'user', content: [{ text: `Question ${call}` }] }],
      }),
    ),
  );
}
await meter.close();
