import assert from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { startLocalBedrock } from '@costkit/local';

const bedrock = await startLocalBedrock();
const client = new BedrockRuntimeClient(bedrock.clientConfig);

await client.send(
  new ConverseCommand({
    modelId: 'us.amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Say hello.' }] }],
    inferenceConfig: { maxTokens: 50 },
  }),
);

const [line] = bedrock.bill().lines;
assert(line !== undefined && line.tokens.output <= 50);

await bedrock.stop();
