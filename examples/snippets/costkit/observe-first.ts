import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { costkit, receiptOf } from 'costkit';

// Changes no request; the receipts say what each lever would have done and saved.
const client = costkit(new BedrockRuntimeClient({ region: 'us-east-1' }), {
  mode: 'observe',
  outputLimit: { maxTokens: 400, brevity: true },
});

const output = await client.send(
  new ConverseCommand({
    modelId: 'us.amazon.nova-pro-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Tell me about the harbour.' }] }],
  }),
);
for (const { lever, mode, action, reason } of receiptOf(output)?.decisions ?? []) {
  console.log(`${lever} (${mode}): ${action}. ${reason}`);
}
