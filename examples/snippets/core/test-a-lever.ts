import assert from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { deriveClient, type Lever, leverPlugin, receiptOf } from '@costkit/core';
import {
  converseResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  jsonResponse,
} from '@costkit/testing';

const capped: Lever = {
  name: 'capped',
  slot: 'fit',
  mode: 'enforce',
  fit: (view) => ({ view: view.withMaxTokens(20), decisions: [] }),
};

// The real SDK client, with a request handler that answers by itself and remembers what came.
const handler = fakeRequestHandler({
  responses: [jsonResponse(converseResponse({ text: 'Hello.', usage: { inputTokens: 9, outputTokens: 2 } }))],
});
const bare = new BedrockRuntimeClient(fakeBedrockClientConfig(handler));
const output = await deriveClient(bare, leverPlugin('capped', [capped])).send(
  new ConverseCommand({
    modelId: 'us.amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Say hello.' }] }],
  }),
);

const sent = handler.requests[0]?.json as { inferenceConfig?: object } | undefined;
assert.deepEqual(sent?.inferenceConfig, { maxTokens: 20 });
assert.equal(receiptOf(output)?.usage.output, 2);
