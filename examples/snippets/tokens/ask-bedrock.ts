import { BedrockRuntimeClient, CountTokensCommand } from '@aws-sdk/client-bedrock-runtime';
import { countWithBedrock } from '@costkit/tokens';

const client = new BedrockRuntimeClient({ region: 'us-east-1' });

const { tokens } = await countWithBedrock(
  { messages: [{ role: 'user' as const, content: [{ text: 'How long does the warranty last?' }] }] },
  {
    model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    count: (input) => client.send(new CountTokensCommand(input)),
  },
);

console.log(`${tokens} tokens, counted by Bedrock`);
