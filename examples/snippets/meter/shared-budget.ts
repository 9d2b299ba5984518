import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { withTags } from '@costkit/core';
import { createMeter, withMeter } from '@costkit/meter';
import { redisBudgetStore } from '@costkit/meter/redis';
import { createClient } from 'redis';

const redis = await createClient({ url: process.env['REDIS_URL'] ?? 'redis://localhost:6379' })
  // Without a listener the client throws when the connection is lost.
  .on('error', (error) => console.warn(error))
  .connect();

const meter = createMeter({
  budgets: [{ name: 'per tenant', limitUsd: 5, period: 'day', per: 'tenant', onExceed: 'block' }],
  maxOutputTokens: 500,
  store: redisBudgetStore({ client: redis }),
});
const client = withMeter(new BedrockRuntimeClient({ region: 'us-east-1' }), { meter });

await withTags({ tenant: 'acme' }, () =>
  client.send(
    new ConverseCommand({
      modelId: 'us.amazon.nova-lite-v1:0',
      messages: [{ role: 'user', content: [{ text: 'Why is the sky blue?' }] }],
    }),
  ),
);

// What all processes have left together; `meter.remaining` is what this one has seen last.
console.log(String(await meter.refresh('per tenant', { tenant: 'acme' })));

// Before the process ends: the last settlement may still be on its way.
await meter.close();
await redis.close();
