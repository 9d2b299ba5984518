import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf } from '@costkit/core';
import {
  converseResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  jsonResponse,
} from '@costkit/testing';
import { describe, expect, it } from 'vitest';
import { type BudgetStore, createMeter, memoryBudgetStore, withMeter } from '../src/index.js';

const HAIKU = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const PROSE = 'A customer may return every product within thirty days of its delivery. ';
const ask = (text: string): ConverseCommand =>
  new ConverseCommand({
    modelId: HAIKU,
    messages: [{ role: 'user', content: [{ text }] }],
    inferenceConfig: { maxTokens: 10 },
  });

/** A store that remembers what was reserved last. */
function watchedStore(): { store: BudgetStore; last: () => bigint } {
  const memory = memoryBudgetStore();
  let last = 0n;
  return {
    store: {
      ...memory,
      reserve: (entry) => {
        last = entry.picoUsd;
        return memory.reserve(entry);
      },
    },
    last: () => last,
  };
}

describe('reservations', () => {
  it('become tight with what a model reports, and wide again after a call that exceeded its own', async () => {
    let inputTokens = 640;
    const handler = fakeRequestHandler({
      handler: () => jsonResponse(converseResponse({ usage: { inputTokens, outputTokens: 10 } })),
    });
    const { store, last } = watchedStore();
    const meter = createMeter({
      store,
      budgets: [{ name: 'all', limitUsd: 1, period: 'total', onExceed: 'block' }],
    });
    const client = withMeter(new BedrockRuntimeClient(fakeBedrockClientConfig(handler)), { meter });
    const send = async (): Promise<ReturnType<typeof receiptOf>> =>
      receiptOf(await client.send(ask(PROSE.repeat(40))));

    await send();
    const wide = last();
    for (let call = 0; call < 30; call++) await send();
    const tight = last();
    expect(Number(tight) / Number(wide)).toBeLessThan(0.8);

    inputTokens = 5_000;
    const dear = await send();
    expect(dear?.cost?.picoUsd).toBeGreaterThan(tight);
    expect(dear?.decisions).toContainEqual(
      expect.objectContaining({
        lever: 'budget',
        action: 'exceeded its reservation',
        reason: expect.stringMatching(/cost \$0\.00\d+, and \$0\.00\d+ were reserved/),
      }),
    );
    // All of it is booked, to the last digit, and nothing stays reserved.
    expect(meter.remaining('all').picoUsd).toBe(10n ** 12n - meter.report().total.cost.picoUsd);
    inputTokens = 640;
    await send();
    expect(last()).toBeGreaterThanOrEqual(wide);
  });

  it('cannot hold what the SDK sends again by itself after a timeout, and the receipt says how often', async () => {
    const handler = fakeRequestHandler({
      handler: (_, index) => {
        // The service may have worked on it, and bill it.
        if (index === 0) throw Object.assign(new Error('no answer in time'), { name: 'TimeoutError' });
        return jsonResponse(converseResponse({ usage: { inputTokens: 20, outputTokens: 10 } }));
      },
    });
    const { store, last } = watchedStore();
    const client = withMeter(new BedrockRuntimeClient(fakeBedrockClientConfig(handler)), {
      store,
      budgets: [{ name: 'all', limitUsd: 1, period: 'total', onExceed: 'block' }],
    });
    const receipt = receiptOf(await client.send(ask(PROSE)));
    expect(handler.requests).toHaveLength(2);
    expect(receipt?.attempts.map(({ sdkAttempts }) => sdkAttempts)).toEqual([2]);
    // One answer was counted, and one is held: of the other nobody tells the client.
    expect(receipt?.usage).toMatchObject({ input: 20, output: 10 });
    expect(receipt?.cost?.picoUsd).toBeLessThanOrEqual(last());
  });
});
