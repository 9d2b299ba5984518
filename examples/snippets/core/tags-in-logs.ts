import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { deriveClient, onReceipt, settingsPlugin, withTags } from '@costkit/core';

const client = deriveClient(
  new BedrockRuntimeClient({ region: 'us-east-1' }),
  settingsPlugin({
    tags: { service: 'shop' },
    // These reach Bedrock as requestMetadata, and so the account's invocation logs; others stay here.
    metadataTags: ['service', 'feature', 'tenant'],
    hashedTags: ['tenant'],
  }),
);

const stop = onReceipt(({ tags, cost }) => console.log(tags, String(cost)));
await withTags({ feature: 'support', tenant: 'acme', trace: 'a-1' }, () =>
  client.send(
    new ConverseCommand({
      modelId: 'us.amazon.nova-lite-v1:0',
      messages: [{ role: 'user', content: [{ text: 'Where is my parcel?' }] }],
    }),
  ),
);
stop();
