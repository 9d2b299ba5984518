import assert from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { withTags } from '@costkit/core';
import { BudgetExceededError, createMeter, withMeter } from '@costkit/meter';

const meter = createMeter({
  budgets: [
    {
      name: 'per tenant',
      limitUsd: 0.002,
      period: 'day',
      per: 'tenant',
      timeZone: 'Europe/Berlin',
      onExceed: 'block',
    },
  ],
  // Sent with requests that have no cap of their own: a budget must know what an answer can cost.
  maxOutputTokens: 500,
  onAlert: (alert) => console.log(alert.kind, alert.scope),
});
const client = withMeter(new BedrockRuntimeClient({ region: 'us-east-1' }), { meter });

const question = new ConverseCommand({
  modelId: 'us.amazon.nova-lite-v1:0',
  messages: [{ role: 'user', content: [{ text: 'Why is the sky blue?' }] }],
});
const ask = () => withTags({ tenant: 'acme' }, () => client.send(question));

const results = await Promise.allSettled(Array.from({ length: 100 }, ask));
const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
assert(refused.every((error) => BudgetExceededError.isInstance(error)));

const spent = meter.report().total.cost;
assert(spent.usd <= 0.002);
console.log(
  `${refused.length} refused, ${spent} spent, ${meter.remaining('per tenant', { tenant: 'acme' })} left`,
);
