import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { startLocalBedrock } from '@costkit/local';
import { costkit, receiptOf } from 'costkit';

const bedrock = await startLocalBedrock();
const bare = new BedrockRuntimeClient(bedrock.clientConfig);
const client = costkit(bare);

const ask = () =>
  client.send(
    new ConverseStreamCommand({
      modelId: 'us.amazon.nova-lite-v1:0',
      messages: [{ role: 'user', content: [{ text: 'Tell me about the harbour.' }] }],
    }),
  );

const whole = await ask();
let text = '';
for await (const event of whole.stream ?? []) text += event.contentBlockDelta?.delta?.text ?? '';
const receipt = receiptOf(whole);
console.log(
  `${text.length} characters for ${receipt?.cost}, first chunk after ${receipt?.firstChunkMs?.toFixed(0)} ms`,
);
if (receipt?.quality !== 'measured') throw new Error('A stream that was read to its end is measured.');

// A reader that leaves stops the server, and the receipt says that its figures are an estimate.
const left = await ask();
for await (const event of left.stream ?? []) if (event.contentBlockDelta !== undefined) break;
console.log(`left early: about ${receiptOf(left)?.cost} (${receiptOf(left)?.quality})`);
if (receiptOf(left)?.quality !== 'estimated') throw new Error('A stream that was left is estimated.');

bare.destroy();
await bedrock.stop();
