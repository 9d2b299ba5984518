import assert from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { memoryStore } from '@costkit/core/memory-store';
import { prefixTelemetry, withPromptCache } from '@costkit/prompt-cache';

const telemetry = prefixTelemetry();
const client = withPromptCache(new BedrockRuntimeClient({ region: 'us-east-1' }), {
  telemetry,
  // In an application: one that other processes reach. It holds hashes and counts, no prompt.
  store: memoryStore(),
});
const handbook = 'A customer may return every product within thirty days of its delivery. '.repeat(200);
for (const question of ['May I return a hat?', 'And a coat?', 'And shoes?']) {
  await client.send(
    new ConverseCommand({
      modelId: 'us.anthropic.claude-sonnet-5',
      system: [{ text: handbook }],
      messages: [{ role: 'user', content: [{ text: question }] }],
    }),
  );
}

const [record] = telemetry.report();
assert.equal(record?.calls, 3);
console.log(
  `${record.hits} hits, ${record.writes5m} writes, ${record.saving} saved; a miss costs ${record.missPrice}`,
);
