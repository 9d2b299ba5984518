import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { askInFormat } from '@costkit/output-limiter/output';

const client = new BedrockRuntimeClient({ region: 'us-east-1' });
const { input, by, read } = askInFormat(
  {
    modelId: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    messages: [{ role: 'user' as const, content: [{ text: 'Order 17 is for Ada. Who ordered what?' }] }],
  },
  {
    type: 'object',
    properties: { customerName: { type: 'string' }, orderNumber: { type: 'integer' } },
    required: ['customerName', 'orderNumber'],
  },
);

// The answer has names of one letter; what is read has the long ones.
console.log(by, read(await client.send(new ConverseCommand(input))));
