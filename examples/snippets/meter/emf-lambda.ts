import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { withTags } from '@costkit/core';
import { createMeter, withMeter } from '@costkit/meter';
import { emfSink } from '@costkit/meter/emf';

const meter = createMeter({
  sinks: [
    emfSink({
      namespace: 'shop/bedrock',
      dimensions: [[], ['feature'], ['feature', 'servedModel']],
      values: { feature: ['chat', 'search'] }, // every other feature is "(other)"
      propertyTags: ['tenant'], // searchable in the log, no dimension
    }),
  ],
});
const client = withMeter(new BedrockRuntimeClient({ region: 'us-east-1' }), { meter });

export async function handler(event: { question: string; tenant: string }): Promise<string> {
  try {
    const { output } = await withTags({ feature: 'chat', tenant: event.tenant }, () =>
      client.send(
        new ConverseCommand({
          modelId: 'us.amazon.nova-lite-v1:0',
          messages: [{ role: 'user', content: [{ text: event.question }] }],
        }),
      ),
    );
    return output?.message?.content?.[0]?.text ?? '';
  } finally {
    await meter.flush(); // Lambda freezes the process when the handler returns.
  }
}

await handler({ question: 'Is the shop open?', tenant: 'acme' });
