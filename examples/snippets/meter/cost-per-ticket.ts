import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { withTags } from '@costkit/core';
import { createMeter, withMeter } from '@costkit/meter';
import { forecastMonth, reportTable } from '@costkit/meter/export';

const meter = createMeter();
const client = withMeter(new BedrockRuntimeClient({ region: 'us-east-1' }), { meter });
for (const feature of ['triage', 'answer', 'answer']) {
  await withTags({ feature }, () =>
    client.send(
      new ConverseCommand({
        modelId: 'us.amazon.nova-lite-v1:0',
        messages: [{ role: 'user', content: [{ text: 'My parcel did not arrive.' }] }],
      }),
    ),
  );
}

const resolvedTickets = 2; // from your ticket system
const report = meter.report({ by: ['feature'], per: { name: 'resolved ticket', count: resolvedTickets } });
console.log(reportTable(report));

const { spent, expected, low, high, method } = forecastMonth(meter.report({ by: ['day'] }));
console.log(method === 'too few days' ? `${spent} so far` : `${expected} at the end (${low} to ${high})`);
