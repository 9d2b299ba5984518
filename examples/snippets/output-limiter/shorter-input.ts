import assert from 'node:assert/strict';
import type { Message, Tool } from '@aws-sdk/client-bedrock-runtime';
import { windowMessages } from '@costkit/output-limiter';
import { compactToolResults, promptReport, selectTools, windowCost } from '@costkit/output-limiter/input';

const model = 'us.anthropic.claude-sonnet-5';
const tool = (name: string, description: string): Tool => ({
  toolSpec: { name, description, inputSchema: { json: { type: 'object' } } },
});
const allTools = [tool('findOrder', 'Finds an order.'), tool('bookFlight', 'Books a flight.')];
const orders = Array.from({ length: 40 }, (_, number) => ({
  number,
  customer: `Customer ${number}`,
  open: true,
}));
const conversation: Message[] = [
  { role: 'user', content: [{ text: 'Which orders are open?' }] },
  { role: 'assistant', content: [{ toolUse: { toolUseId: '1', name: 'findOrder', input: {} } }] },
  { role: 'user', content: [{ toolResult: { toolUseId: '1', content: [{ json: { orders } }] } }] },
];

// What was sent before stays in front, so that the cached prefix does not move.
const tools = selectTools(allTools, { query: 'Which orders are open?', maxTools: 1 });
assert.equal(tools[0]?.toolSpec?.name, 'findOrder');

// From the first turn on, not in the middle: the same result is always written in the same way.
const compact = await compactToolResults(conversation, { model });
assert(JSON.stringify(compact).length < JSON.stringify(conversation).length);

// Fewer tokens can cost more: what stands behind a gap has to be written to the cache anew.
const window = windowMessages(compact, { maxTokens: 20_000 });
const { pays } = windowCost(compact, window, { model, requests: 10 });
const messages = pays ? window : compact;

const { findings } = promptReport([{ modelId: model, toolConfig: { tools: allTools }, messages } as object]);
assert.deepEqual(
  findings.map(({ kind, where }) => [kind, where]),
  [['unusedTool', 'bookFlight']],
);
