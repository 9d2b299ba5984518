import AnthropicBedrock from '@anthropic-ai/bedrock-sdk';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { startLocalBedrock } from '@costkit/local';
import { collectReceipts, costkit } from 'costkit';
import { costkitFetch } from 'costkit/fetch';

const bedrock = await startLocalBedrock();
const bare = new BedrockRuntimeClient(bedrock.clientConfig);
const MODEL = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const { accessKeyId, secretAccessKey } = bedrock.clientConfig.credentials;
const credentials = { awsRegion: 'us-east-1', awsAccessKey: accessKeyId, awsSecretKey: secretAccessKey };

/** A conversation of two turns, the second one streamed. */
async function converse(client: AnthropicBedrock): Promise<string> {
  const question = { role: 'user' as const, content: 'Which gate does the train to the coast leave from?' };
  const first = await client.messages.create({ model: MODEL, max_tokens: 200, messages: [question] });
  const answer = first.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  const stream = client.messages.stream({
    model: MODEL,
    max_tokens: 200,
    messages: [question, { role: 'assistant', content: answer }, { role: 'user', content: 'And when?' }],
  });
  const streamed = await stream.finalText();
  if (answer === '' || streamed === '') throw new Error('The Anthropic SDK got no answer.');
  return `${answer.slice(0, 40)}… / ${streamed.slice(0, 40)}…`;
}

const direct = new AnthropicBedrock({ ...credentials, baseURL: bedrock.endpoint });
console.log(`bare:    ${await converse(direct)}`);

// The calls of the Anthropic SDK through the wrapped client: same levers, same receipts.
const wrapped = new AnthropicBedrock({ ...credentials, fetch: costkitFetch(costkit(bare)) as never });
const { result, receipts } = await collectReceipts(() => converse(wrapped));
console.log(`costkit: ${result}`);
for (const receipt of receipts) console.log(`  ${receipt.operation}: ${receipt.cost} (${receipt.quality})`);
if (receipts.length !== 2 || !receipts.every(({ settled, quality }) => settled && quality === 'measured')) {
  throw new Error('Every call has a measured receipt.');
}

bare.destroy();
await bedrock.stop();
