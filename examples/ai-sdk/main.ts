import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { startLocalBedrock } from '@costkit/local';
import { generateText, streamText } from 'ai';
import { collectReceipts, costkit } from 'costkit';
import { costkitFetch } from 'costkit/fetch';

const bedrock = await startLocalBedrock();
const bare = new BedrockRuntimeClient(bedrock.clientConfig);
const MODEL = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';

type Provider = ReturnType<typeof createAmazonBedrock>;

/** A conversation of two turns, the second one streamed. */
async function converse(provider: Provider): Promise<string> {
  const first = await generateText({
    model: provider(MODEL),
    prompt: 'Which gate does the train to the coast leave from?',
  });
  const second = streamText({
    model: provider(MODEL),
    messages: [
      { role: 'user', content: 'Which gate does the train to the coast leave from?' },
      { role: 'assistant', content: first.text },
      { role: 'user', content: 'And when?' },
    ],
  });
  let streamed = '';
  for await (const text of second.textStream) streamed += text;
  if (first.text === '' || streamed === '') throw new Error('The AI SDK got no answer.');
  return `${first.text.slice(0, 40)}… / ${streamed.slice(0, 40)}…`;
}

const direct = createAmazonBedrock({ region: 'us-east-1', apiKey: 'local', baseURL: bedrock.endpoint });
console.log(`bare:    ${await converse(direct)}`);

// The calls of the AI SDK through the wrapped client: same levers, same receipts.
const wrapped = createAmazonBedrock({
  region: 'us-east-1',
  apiKey: 'unused',
  fetch: costkitFetch(costkit(bare)),
});
const { result, receipts } = await collectReceipts(() => converse(wrapped));
console.log(`costkit: ${result}`);
for (const receipt of receipts) console.log(`  ${receipt.operation}: ${receipt.cost} (${receipt.quality})`);
if (receipts.length !== 2 || !receipts.every(({ settled, quality }) => settled && quality === 'measured')) {
  throw new Error('Every call has a measured receipt.');
}

bare.destroy();
await bedrock.stop();
