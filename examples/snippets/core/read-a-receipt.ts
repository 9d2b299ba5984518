import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { deriveClient, receiptOf } from '@costkit/core';

const client = deriveClient(new BedrockRuntimeClient({ region: 'us-east-1' }));
const output = await client.send(
  new ConverseStreamCommand({
    modelId: 'us.amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Tell me about the sea.' }] }],
  }),
);

// There from the start; its figures are final once the stream has ended, however it ends.
const receipt = receiptOf(output);
let events = 0;
for await (const _ of output.stream ?? []) {
  events += 1;
  if (events === 5) break;
}
console.log(receipt?.settled, receipt?.quality, receipt?.usage.output, String(receipt?.cost));
