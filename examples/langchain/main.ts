import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { startLocalBedrock } from '@costkit/local';
import { ChatBedrockConverse } from '@langchain/aws';
import { AIMessage, type BaseMessageLike, HumanMessage } from '@langchain/core/messages';
import { collectReceipts, costkit } from 'costkit';

const bedrock = await startLocalBedrock();
const bare = new BedrockRuntimeClient(bedrock.clientConfig);

/** A conversation of two turns, the second one streamed. */
async function converse(client: BedrockRuntimeClient): Promise<string> {
  const model = new ChatBedrockConverse({
    model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    region: 'us-east-1',
    client: client as never,
  });
  const messages: BaseMessageLike[] = [
    new HumanMessage('Which gate does the train to the coast leave from?'),
  ];
  const first = await model.invoke(messages);
  messages.push(new AIMessage(first.text), new HumanMessage('And when?'));
  let streamed = '';
  for await (const chunk of await model.stream(messages)) streamed += chunk.text;
  if (first.text === '' || streamed === '') throw new Error('LangChain got no answer.');
  return `${first.text.slice(0, 40)}… / ${streamed.slice(0, 40)}…`;
}

console.log(`bare:    ${await converse(bare)}`);

const { result, receipts } = await collectReceipts(() => converse(costkit(bare)));
console.log(`costkit: ${result}`);
for (const receipt of receipts) console.log(`  ${receipt.operation}: ${receipt.cost} (${receipt.quality})`);
if (receipts.length !== 2 || !receipts.every(({ settled, quality }) => settled && quality === 'measured')) {
  throw new Error('Every call has a measured receipt.');
}

bare.destroy();
await bedrock.stop();
