import {
  BedrockRuntimeClient,
  type ContentBlock,
  ConverseStreamCommand,
  type Message,
  type Tool,
} from '@aws-sdk/client-bedrock-runtime';
import { deriveClient, type Receipt, receiptOf, settingsPlugin } from '@costkit/core';
import { createManualClock, type LocalBedrock, type ManualClock, startLocalBedrock } from '@costkit/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { promptCachePlugin } from '../src/index.js';

const MODEL = 'us.anthropic.claude-sonnet-5';
const TURNS = 60;

const sentences = (count: number, about: string): string =>
  Array.from({ length: count }, (_, index) => `Finding ${index} of ${about} is noted here.`).join(' ');

const TOOLS: Tool[] = Array.from({ length: 30 }, (_, index) => ({
  toolSpec: {
    name: `tool_${index}`,
    description: sentences(6, `tool ${index}`),
    inputSchema: { json: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] } },
  },
}));

let clock: ManualClock;
let bedrock: LocalBedrock;
let bare: BedrockRuntimeClient;

beforeEach(async () => {
  clock = createManualClock(Date.parse('2026-11-22T00:00:00Z'));
  // Counting exactly takes most of the time, and what is read does not depend on it.
  bedrock = await startLocalBedrock({ clock, tokenizer: { count: (text) => Math.ceil(text.length / 4) } });
  bare = new BedrockRuntimeClient({ ...bedrock.clientConfig, maxAttempts: 1 });
});
afterEach(async () => {
  bare.destroy();
  await bedrock.stop();
});

/** An agent's loop as it streams: now a question, now the results of some tools. */
async function runAgent(client: BedrockRuntimeClient): Promise<Receipt[]> {
  const messages: Message[] = [{ role: 'user', content: [{ text: 'Find out why the build is slow.' }] }];
  const receipts: Receipt[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const output = await client.send(
      new ConverseStreamCommand({
        modelId: MODEL,
        system: [{ text: sentences(60, 'the project') }],
        toolConfig: { tools: TOOLS },
        messages: structuredClone(messages),
      }),
    );
    let text = '';
    for await (const { contentBlockDelta } of output.stream ?? [])
      text += contentBlockDelta?.delta?.text ?? '';
    receipts.push(receiptOf(output) as Receipt);
    await clock.advance(8_000);
    const ids = Array.from({ length: 1 + (turn % 4) }, (_, index) => `call_${turn}_${index}`);
    const thought: ContentBlock[] = text.trim() === '' ? [] : [{ text }];
    messages.push({
      role: 'assistant',
      content: [
        ...thought,
        ...ids.map((toolUseId, index) => ({
          toolUse: { toolUseId, name: `tool_${index}`, input: { path: `src/${turn}` } },
        })),
      ],
    });
    messages.push({
      role: 'user',
      content: ids.map((toolUseId) => ({
        toolResult: { toolUseId, content: [{ text: sentences(8, `call ${toolUseId}`) }] },
      })),
    });
  }
  return receipts;
}

describe('withPromptCache', () => {
  it('reads at least 98 % of what an agent of 60 turns and 30 tools could read', async () => {
    const onTestTime = settingsPlugin({ clock: { now: () => clock.now(), monotonicMs: () => clock.now() } });
    const receipts = await runAgent(deriveClient(bare, onTestTime, promptCachePlugin()));
    const prompts = receipts.map(
      ({ usage }) => usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h,
    );
    // All of the prompt before is in the next one, and could have been written by it.
    const readable = prompts.slice(0, -1).reduce((sum, tokens) => sum + tokens, 0);
    const read = receipts.reduce((sum, { usage }) => sum + usage.cacheRead, 0);
    expect(receipts).toHaveLength(TURNS);
    expect(read / readable).toBeGreaterThanOrEqual(0.98);
    expect(receipts.every(({ quality }) => quality === 'measured')).toBe(true);
  });
});
