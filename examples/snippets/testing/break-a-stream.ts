import assert from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import {
  converseStreamEvents,
  encodeConverseStream,
  eventStreamResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
} from '@costkit/testing';

const frames = encodeConverseStream(converseStreamEvents({ text: 'An answer in several deltas.' }));
const handler = fakeRequestHandler({
  responses: [eventStreamResponse([...frames.slice(0, 3), { drop: true }])],
});
const client = new BedrockRuntimeClient(fakeBedrockClientConfig(handler));

const { stream } = await client.send(
  new ConverseStreamCommand({
    modelId: 'us.amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
  }),
);
let complete = false;
for await (const event of stream ?? []) if (event.metadata !== undefined) complete = true;

// Over HTTP/2 a dropped connection ends the loop without an error: only the missing metadata tells.
assert.equal(complete, false);
assert.equal(handler.requests[0]?.outcome, 'dropped');
