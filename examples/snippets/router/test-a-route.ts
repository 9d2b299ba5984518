import assert from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { withTags } from '@costkit/core';
import { startLocalBedrock } from '@costkit/local';
import { withRouter } from '@costkit/router';

const bedrock = await startLocalBedrock();
const client = withRouter(new BedrockRuntimeClient(bedrock.clientConfig), {
  tiers: [
    { name: 'cheap', modelId: 'us.anthropic.claude-haiku-5-5' },
    { name: 'strong', modelId: 'us.anthropic.claude-opus-5-5' },
  ],
  rules: [{ when: { task: 'label' }, tier: 'cheap' }],
});

await withTags({ task: 'label' }, () =>
  client.send(
    new ConverseCommand({
      modelId: 'us.anthropic.claude-opus-5-5',
      messages: [{ role: 'user', content: [{ text: 'Label this mail.' }] }],
    }),
  ),
);

// What the server saw and billed, not what the client says of itself.
assert.equal(bedrock.requests().at(-1)?.modelId, 'us.anthropic.claude-haiku-5-5');
assert.equal(bedrock.bill().lines.length, 1);
await bedrock.stop();
