import assert from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseCommand, type Tool } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf } from '@costkit/core';
import { withOutputLimit } from '@costkit/output-limiter';

const client = withOutputLimit(new BedrockRuntimeClient({ region: 'us-east-1' }), {
  tools: { maxTools: 2 },
  toolResults: {},
});
const tool = (name: string, description: string): Tool => ({
  toolSpec: { name, description, inputSchema: { json: { type: 'object' } } },
});
const orders = Array.from({ length: 40 }, (_, number) => ({ number, customer: `Customer ${number}` }));

const answer = await client.send(
  new ConverseCommand({
    // No prompt cache: every token that is not sent is saved.
    modelId: 'meta.llama3-3-70b-instruct-v1:0',
    toolConfig: {
      tools: [
        tool('findOrder', 'Finds open orders.'),
        tool('bookFlight', 'Books a flight.'),
        tool('sendMail', 'Sends a mail.'),
      ],
    },
    messages: [
      { role: 'user', content: [{ text: 'Which orders are open?' }] },
      { role: 'assistant', content: [{ toolUse: { toolUseId: '1', name: 'findOrder', input: {} } }] },
      { role: 'user', content: [{ toolResult: { toolUseId: '1', content: [{ json: { orders } }] } }] },
    ],
  }),
);

const decisions = receiptOf(answer)?.decisions.filter(({ lever }) => lever === 'output-limiter') ?? [];
assert.deepEqual(
  decisions.map(({ action }) => action),
  ['compacted tool results', 'selected tools'],
);
for (const { reason, estimatedSaving } of decisions) console.log(reason, `${estimatedSaving}`);
