import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { deriveClient, receiptOf, settingsPlugin } from '@costkit/core';
import { createManualClock, type LocalBedrock, type ManualClock, startLocalBedrock } from '@costkit/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outputLimitPlugin } from '../src/index.js';

const SONNET = 'us.anthropic.claude-sonnet-5';
const MINUTE = 60_000;
/** Of the answers, as the model gives them in turn. */
const LENGTHS = [...Array.from({ length: 19 }, () => 100), 1_000];

let clock: ManualClock;
let bedrock: LocalBedrock;
let bare: BedrockRuntimeClient;
/** Answers wait for it, so that all calls that were let in hold their reservation at the same time. */
let gate: Promise<void> | undefined;
let letIn = 0;
beforeEach(async () => {
  clock = createManualClock(Date.parse('2026-11-22T00:00:00Z'));
  let answers = 0;
  bedrock = await startLocalBedrock({
    clock,
    tokenizer: { count: (text) => Math.ceil(text.length / 4) },
    quotas: { '*': { tokensPerMinute: 25_000 } },
    models: {
      '*': {
        kind: 'in turn',
        answer: async () => {
          answers += 1;
          letIn += 1;
          const text = 'word '.repeat(LENGTHS[answers % 20] as number).slice(5);
          await gate;
          return { parts: [{ type: 'text', text }] };
        },
      },
    },
  });
  bare = new BedrockRuntimeClient({ ...bedrock.clientConfig, maxAttempts: 1 });
});
afterEach(async () => {
  bare.destroy();
  await bedrock.stop();
});

const ask = (index: number): ConverseCommand =>
  new ConverseCommand({
    modelId: SONNET,
    messages: [{ role: 'user', content: [{ text: `Question ${index}?` }] }],
    // The whole of what the account may take in a minute.
    inferenceConfig: { maxTokens: 20_000 },
  });

/** How many of 30 calls that are sent at once are let in. */
async function answered(client: BedrockRuntimeClient): Promise<number> {
  await clock.advance(2 * MINUTE);
  let open = (): void => undefined;
  gate = new Promise((resolve) => {
    open = resolve;
  });
  letIn = 0;
  let refused = 0;
  const calls = Array.from({ length: 30 }, (_, index) =>
    client.send(ask(index)).catch(() => {
      refused += 1;
    }),
  );
  while (letIn + refused < calls.length) await new Promise((resolve) => setImmediate(resolve));
  open();
  gate = undefined;
  await Promise.all(calls);
  await clock.advance(2 * MINUTE);
  return calls.length - refused;
}

describe('withOutputLimit on an account whose quota is small', () => {
  it('lets more calls through by caps, and more again once it was throttled', async () => {
    const onTestTime = settingsPlugin({ clock: { now: () => clock.now(), monotonicMs: () => clock.now() } });
    const client = deriveClient(bare, onTestTime, outputLimitPlugin());
    for (let index = 0; index < 40; index += 1) {
      await client.send(ask(index));
      await clock.advance(MINUTE);
    }
    const first = await client.send(ask(0));
    expect(receiptOf(first)?.decisions[0]?.reason).toContain('tokens of quota fewer');
    const [withoutCaps, withCaps] = [await answered(bare), await answered(client)];
    expect(withoutCaps).toBe(1);
    expect(withCaps).toBeGreaterThan(5);
    expect(withCaps).toBeLessThan(30);
    const throttled = await client.send(ask(0));
    expect(receiptOf(throttled)?.decisions[0]?.reason).toMatch(/^Calls were throttled: .* burns 10\./);
    expect(await answered(client)).toBeGreaterThan(withCaps);
    // Quota that was scarce a while ago is taken to be there again.
    await clock.advance(10 * MINUTE);
    expect(receiptOf(await client.send(ask(0)))?.decisions[0]?.reason).toContain('99 % of the last');
  });
});
