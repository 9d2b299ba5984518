import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import {
  converseResponse,
  createTestClock,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  jsonResponse,
} from '@costkit/testing';

const clock = createTestClock();
const handler = fakeRequestHandler({
  clock,
  handler: () => jsonResponse(converseResponse({ text: 'At last.' }), { delayMs: 30_000 }),
});
const client = new BedrockRuntimeClient(fakeBedrockClientConfig(handler));

const answer = client.send(
  new ConverseCommand({
    modelId: 'us.amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
  }),
);
// Time may move once the handler has the request.
while (handler.requests.length === 0) await nextTurn();
await clock.advance(30_000);

assert.equal((await answer).stopReason, 'end_turn');
assert.equal(clock.monotonicMs(), 30_000);
