import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { startLocalBedrock } from '@costkit/local';
import { withPromptCache } from '@costkit/prompt-cache';

const bedrock = await startLocalBedrock();
const bare = new BedrockRuntimeClient(bedrock.clientConfig);
const client = withPromptCache(bare);
const handbook = 'A customer may return every product within thirty days of its delivery. '.repeat(200);

for (const question of ['May I return a hat?', 'And a coat?']) {
  await client.send(
    new ConverseCommand({
      modelId: 'us.anthropic.claude-sonnet-5',
      system: [{ text: handbook }],
      messages: [{ role: 'user', content: [{ text: question }] }],
    }),
  );
}

// The bill is the server's own: it knows nothing of cache plans.
const [first, second] = bedrock.bill().lines;
console.log(first?.tokens, second?.tokens);
bare.destroy();
await bedrock.stop();
