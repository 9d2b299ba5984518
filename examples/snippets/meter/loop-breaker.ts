import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { withTags } from '@costkit/core';
import { LoopBreakerError, withMeter } from '@costkit/meter';

const client = withMeter(new BedrockRuntimeClient({ region: 'us-east-1' }), {
  breaker: { maxRepeats: 10, maxUsdPerMinute: 2, per: 'feature' },
  onAlert: (alert) => console.log(alert.kind, alert.scope),
});

try {
  for (;;) {
    await withTags({ feature: 'agent' }, () =>
      client.send(
        new ConverseCommand({
          modelId: 'us.amazon.nova-lite-v1:0',
          messages: [{ role: 'user', content: [{ text: 'Are we there yet?' }] }],
        }),
      ),
    );
  }
} catch (error) {
  if (!LoopBreakerError.isInstance(error)) throw error;
  console.log(error.message);
}
