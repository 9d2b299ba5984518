import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { deriveClient, receiptOf, settingsPlugin } from '@costkit/core';
import { startLocalBedrock } from '@costkit/local';

const profile = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl';
const models = { [profile]: 'us.amazon.nova-lite-v1:0' };

const bedrock = await startLocalBedrock({ aliases: models });
const client = deriveClient(new BedrockRuntimeClient(bedrock.clientConfig), settingsPlugin({ models }));

const output = await client.send(
  new ConverseCommand({ modelId: profile, messages: [{ role: 'user', content: [{ text: 'Hello' }] }] }),
);
const receipt = receiptOf(output);
console.log(receipt?.servedModel, receipt?.scope, String(receipt?.cost));
await bedrock.stop();
