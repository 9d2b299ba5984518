import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf } from '@costkit/core';
import { costkit } from 'costkit';

const client = costkit(new BedrockRuntimeClient({ region: 'us-east-1' }));

const answer = await client.send(
  new ConverseCommand({
    modelId: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Why is the sky blue?' }] }],
  }),
);

const receipt = receiptOf(answer);
console.log(`cost ${receipt?.cost}, saved ${receipt?.saved}`);
