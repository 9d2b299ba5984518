import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { startLocalBedrock } from '@costkit/local';
import { createHandler } from './handler.js';

// What the Lambda service does, against a local Bedrock: one cold start, several events.
const bedrock = await startLocalBedrock();
const client = new BedrockRuntimeClient(bedrock.clientConfig);
const handler = createHandler(client);
for (const question of ['Is the shop open today?', 'And tomorrow?']) {
  const { statusCode, body } = await handler({ body: JSON.stringify({ question, tenant: 'acme' }) });
  console.log(statusCode, body);
  if (statusCode !== 200) throw new Error('The handler failed.');
}
const refused = await handler({ body: 'not JSON' });
if (refused.statusCode !== 400) throw new Error('A broken body is the caller’s mistake.');
client.destroy();
await bedrock.stop();
