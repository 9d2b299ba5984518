import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { prompt, withPromptCache } from '@costkit/prompt-cache';

const client = withPromptCache(new BedrockRuntimeClient({ region: 'us-east-1' }));
const policy = 'A customer may return every product within thirty days of its delivery. '.repeat(200);

// What all requests share. Keep it, and continue it for each request.
const support = prompt()
  .tools([
    {
      toolSpec: {
        name: 'findOrder',
        inputSchema: { json: { type: 'object', properties: { id: { type: 'string' } } } },
      },
    },
  ])
  .stable('You answer questions of customers from the return policy.')
  .document({ name: 'Return policy', text: policy })
  .examples([{ user: 'May I return a hat?', assistant: 'Yes, within thirty days.' }]);

const request = support.volatile(`It is ${new Date().toISOString()}.`, 'May I return a coat?').build();
await client.send(new ConverseCommand({ modelId: 'us.anthropic.claude-sonnet-5', ...request }));
