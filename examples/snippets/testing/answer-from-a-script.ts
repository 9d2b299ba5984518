import assert from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import {
  converseResponse,
  errorResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  jsonResponse,
} from '@costkit/testing';

const handler = fakeRequestHandler({
  responses: [
    errorResponse('ThrottlingException', 'Too many requests, please wait before trying again.'),
    jsonResponse(converseResponse({ text: 'Paris.', usage: { inputTokens: 12, outputTokens: 3 } })),
  ],
});
const client = new BedrockRuntimeClient(fakeBedrockClientConfig(handler));

const { output, $metadata } = await client.send(
  new ConverseCommand({
    modelId: 'us.amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'What is the capital of France?' }] }],
  }),
);

assert.equal(output?.message?.content?.[0]?.text, 'Paris.');
assert.equal($metadata.attempts, 2);
assert.equal(handler.requests[1]?.operation, 'Converse');
