import assert from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { createManualClock, startLocalBedrock } from '@costkit/local';

const clock = createManualClock(Date.parse('2026-11-22T12:00:00Z'));
const bedrock = await startLocalBedrock({ clock });
const client = new BedrockRuntimeClient(bedrock.clientConfig);

const ask = (text: string) =>
  client.send(
    new ConverseCommand({
      modelId: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      system: [
        { text: 'You answer questions about parcels. '.repeat(300) },
        { cachePoint: { type: 'default' } },
      ],
      messages: [{ role: 'user', content: [{ text }] }],
    }),
  );

await ask('Where is my parcel?');
await clock.advance(4 * 60_000); // still there: a read, which refreshes it
await ask('And the other one?');
await clock.advance(5 * 60_000); // gone: written again
await ask('When does it arrive?');

const [first, second, third] = bedrock.bill().lines.map(({ tokens }) => tokens);
assert(first && second && third);
assert.equal(second.cacheRead, first.cacheWrite5m);
assert.equal(third.cacheWrite5m, first.cacheWrite5m);

client.destroy();
await bedrock.stop();
