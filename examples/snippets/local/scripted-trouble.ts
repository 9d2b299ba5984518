import assert from 'node:assert/strict';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { startLocalBedrock } from '@costkit/local';

const bedrock = await startLocalBedrock({
  trouble: [
    { operation: 'Converse', calls: [1], action: { type: 'error', code: 'ServiceUnavailableException' } },
    { operation: 'ConverseStream', action: { type: 'drop', afterFrames: 3 } },
  ],
});
const client = new BedrockRuntimeClient(bedrock.clientConfig);
const input = {
  modelId: 'us.amazon.nova-lite-v1:0',
  messages: [{ role: 'user' as const, content: [{ text: 'Say hello.' }] }],
};

// The SDK tries again: two requests, one line on the bill.
const { $metadata } = await client.send(new ConverseCommand(input));
assert.equal($metadata.attempts, 2);
assert.equal(bedrock.bill().lines.length, 1);

// Over HTTP/2 the SDK takes a lost connection for the end of the stream: no error, and no usage.
const { stream } = await client.send(new ConverseStreamCommand(input));
const events = [];
for await (const event of stream ?? []) events.push(event);
assert.equal(events.length, 3);
assert.equal(bedrock.requests().at(-1)?.framesWritten, 3);
assert.equal(bedrock.bill().lines.at(-1)?.answerComplete, false);

client.destroy();
await bedrock.stop();
