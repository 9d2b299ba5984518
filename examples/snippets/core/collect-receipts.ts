import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, deriveClient, withTags } from '@costkit/core';

const client = deriveClient(new BedrockRuntimeClient({ region: 'us-east-1' }));

const { receipts } = await collectReceipts(() =>
  withTags({ feature: 'search' }, async () => {
    for (const text of ['What is a receipt?', 'And a baseline?']) {
      await client.send(
        new ConverseCommand({
          modelId: 'us.amazon.nova-lite-v1:0',
          messages: [{ role: 'user', content: [{ text }] }],
        }),
      );
    }
  }),
);

for (const { servedModel, tags, cost } of receipts) console.log(servedModel, tags['feature'], String(cost));
