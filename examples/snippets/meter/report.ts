import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { withTags } from '@costkit/core';
import { createMeter, withMeter } from '@costkit/meter';

const meter = createMeter();
const client = withMeter(new BedrockRuntimeClient({ region: 'us-east-1' }), { meter });

for (const feature of ['search', 'chat', 'chat']) {
  await withTags({ feature }, () =>
    client.send(
      new ConverseCommand({
        modelId: 'us.amazon.nova-lite-v1:0',
        messages: [{ role: 'user', content: [{ text: `Something about ${feature}` }] }],
      }),
    ),
  );
}

for (const { group, calls, cost } of meter.report({ by: ['feature', 'model'] }).rows) {
  console.log(group['feature'], group['model'], calls, String(cost));
}
