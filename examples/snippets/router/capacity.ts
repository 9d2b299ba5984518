import assert from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { deriveClient, receiptOf, settingsPlugin, withTags } from '@costkit/core';
import { startLocalBedrock } from '@costkit/local';
import { withRouter } from '@costkit/router';

const reserved = 'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdef123456';
const models = { [reserved]: 'amazon.nova-pro-v1:0' };
const bedrock = await startLocalBedrock({
  aliases: models,
  trouble: [{ modelId: reserved, calls: [2], action: { type: 'throttle' } }],
});

const bare = new BedrockRuntimeClient({ ...bedrock.clientConfig, maxAttempts: 1 });
const client = withRouter(deriveClient(bare, settingsPlugin({ models })), {
  tiers: [
    { name: 'small', modelId: 'us.amazon.nova-lite-v1:0' },
    // Reserved capacity first, on demand where it is full.
    { name: 'hot', provisioned: reserved, overflow: 'us.amazon.nova-pro-v1:0' },
  ],
  // Half the price for what can wait.
  flex: { when: { task: 'nightly' } },
  // Asked in this order where a model is throttled or out of service.
  failover: ['small'],
});

const ask = (task: string) =>
  withTags({ task }, () =>
    client.send(
      new ConverseCommand({
        modelId: 'us.amazon.nova-pro-v1:0',
        messages: [{ role: 'user', content: [{ text: 'Where is my parcel?' }] }],
      }),
    ),
  );

const modes: (string | undefined)[] = [];
for (const task of ['now', 'now', 'nightly']) modes.push(receiptOf(await ask(task))?.mode);
assert.deepEqual(modes, ['provisioned', 'standard', 'flex']);
bare.destroy();
await bedrock.stop();
