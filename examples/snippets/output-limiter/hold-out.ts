import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { createMeter, withMeter } from '@costkit/meter';
import { withOutputLimit } from '@costkit/output-limiter';

const meter = createMeter();
const client = withOutputLimit(withMeter(new BedrockRuntimeClient({ region: 'us-east-1' }), { meter }), {
  brevity: true,
  // One call in four gets neither cap nor instruction; their mean is what the others are compared with.
  holdOut: 0.25,
});

for (let index = 0; index < 120; index += 1) {
  await client.send(
    new ConverseCommand({
      modelId: 'us.amazon.nova-lite-v1:0',
      messages: [{ role: 'user', content: [{ text: `Question ${index}: where is my order?` }] }],
    }),
  );
}

const { cost, saved, estimatedSaved } = meter.report().total;
console.log(`${cost} spent; ${saved} saved, of which ${estimatedSaved} by comparison with the hold-out`);
