import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { startLocalBedrock } from '@costkit/local';
import { costkit, receiptOf } from 'costkit';

const bedrock = await startLocalBedrock();
const client = costkit(new BedrockRuntimeClient(bedrock.clientConfig));

const output = await client.send(
  new ConverseCommand({
    modelId: 'us.amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
  }),
);
// The bill is the server's own: it shares no arithmetic with the receipts.
if (receiptOf(output)?.cost?.picoUsd !== bedrock.bill().total.picoUsd)
  throw new Error('The receipt is wrong.');

client.destroy();
await bedrock.stop();
