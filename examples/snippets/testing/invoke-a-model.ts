import assert from 'node:assert/strict';
import { BedrockRuntimeClient, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import {
  anthropicResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  jsonResponse,
  tokenCountHeaders,
} from '@costkit/testing';

const fixture = { text: 'Paris.', usage: { inputTokens: 12, outputTokens: 3, cacheReadInputTokens: 1_024 } };
const handler = fakeRequestHandler({
  handler: () => jsonResponse(anthropicResponse(fixture), { headers: tokenCountHeaders(fixture) }),
});
const client = new BedrockRuntimeClient(fakeBedrockClientConfig(handler));

const { body } = await client.send(
  new InvokeModelCommand({
    modelId: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    body: JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 10, messages: [] }),
  }),
);

assert.equal(JSON.parse(body.transformToString()).usage.cache_read_input_tokens, 1_024);
