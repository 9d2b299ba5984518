import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, Money } from '@costkit/core';
import { withRouter } from '@costkit/router';

const client = withRouter(new BedrockRuntimeClient({ region: 'us-east-1' }), {
  tiers: [
    { name: 'cheap', modelId: 'us.anthropic.claude-haiku-5-5' },
    { name: 'strong', modelId: 'us.anthropic.claude-opus-5-5' },
  ],
  rules: [{ when: { maxInputTokens: 500 }, tier: 'cheap' }],
  mode: 'observe',
});

const { receipts } = await collectReceipts(async () => {
  for (const text of ['Where is my parcel?', 'May I send it back?']) {
    await client.send(
      new ConverseCommand({
        modelId: 'us.anthropic.claude-opus-5-5',
        messages: [{ role: 'user', content: [{ text }] }],
      }),
    );
  }
});

const decisions = receipts.flatMap((receipt) => receipt.decisions);
const saving = Money.sum(decisions.map(({ estimatedSaving }) => estimatedSaving ?? Money.zero));
console.log(`${decisions.length} calls would have moved and saved about ${saving}`);
