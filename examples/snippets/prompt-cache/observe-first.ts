import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, Money } from '@costkit/core';
import { withPromptCache } from '@costkit/prompt-cache';

const client = withPromptCache(new BedrockRuntimeClient({ region: 'us-east-1' }), { mode: 'observe' });
const handbook = 'A customer may return every product within thirty days of its delivery. '.repeat(200);

const { receipts } = await collectReceipts(async () => {
  for (const question of ['May I return a hat?', 'And a coat?', 'And shoes?']) {
    await client.send(
      new ConverseCommand({
        modelId: 'us.anthropic.claude-sonnet-5',
        system: [{ text: handbook }],
        messages: [{ role: 'user', content: [{ text: question }] }],
      }),
    );
  }
});

const decisions = receipts.flatMap((receipt) => receipt.decisions);
const saving = Money.sum(decisions.map((decision) => decision.estimatedSaving ?? Money.zero));
console.log(`Cache points would have saved about ${saving} on ${receipts.length} calls.`);
