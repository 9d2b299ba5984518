import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf } from '@costkit/core';
import { withPromptCache } from '@costkit/prompt-cache';

const handbook = 'A customer may return every product within thirty days of its delivery. '.repeat(200);
const client = withPromptCache(new BedrockRuntimeClient({ region: 'us-east-1' }));

for (const question of ['May I return a hat?', 'And a coat?', 'And shoes?']) {
  const answer = await client.send(
    new ConverseCommand({
      modelId: 'us.anthropic.claude-sonnet-5',
      system: [{ text: handbook }],
      messages: [{ role: 'user', content: [{ text: question }] }],
    }),
  );
  const receipt = receiptOf(answer);
  console.log(receipt?.usage.cacheRead, String(receipt?.saved), receipt?.decisions[0]?.reason);
}
