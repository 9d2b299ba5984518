import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, withTags } from '@costkit/core';
import { withOutputLimit } from '@costkit/output-limiter';

const client = withOutputLimit(new BedrockRuntimeClient({ region: 'us-east-1' }), {
  caps: { classify: 20 },
  brevity: { answer: 'Answer in at most three sentences.' },
});

const { receipts } = await collectReceipts(async () => {
  for (const task of ['classify', 'answer']) {
    await withTags({ task }, () =>
      client.send(
        new ConverseCommand({
          modelId: 'us.amazon.nova-lite-v1:0',
          messages: [{ role: 'user', content: [{ text: 'My order has not arrived. What now?' }] }],
        }),
      ),
    );
  }
});

for (const { tags, decisions } of receipts)
  console.log(
    tags['task'],
    decisions.map(({ action }) => action),
  );
