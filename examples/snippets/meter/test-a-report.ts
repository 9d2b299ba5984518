import assert from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { startLocalBedrock } from '@costkit/local';
import { createMeter, withMeter } from '@costkit/meter';

const bedrock = await startLocalBedrock();
const meter = createMeter();
const client = withMeter(new BedrockRuntimeClient(bedrock.clientConfig), { meter });

await client.send(
  new ConverseCommand({
    modelId: 'us.amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Say hello.' }] }],
  }),
);

// The server counts its bill by itself, from what it saw on the wire.
assert.equal(meter.report().total.cost.picoUsd, bedrock.bill().total.picoUsd);
await bedrock.stop();
