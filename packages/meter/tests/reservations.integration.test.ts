import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { deriveClient, leverPlugin, receiptOf } from '@costkit/core';
import {
  converseResponse,
  errorResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  jsonResponse,
} from '@costkit/testing';
import { describe, expect, it } from 'vitest';
import {
  BudgetExceededError,
  type BudgetStore,
  createMeter,
  memoryBudgetStore,
  withMeter,
} from '../src/index.js';

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

  describe('of a request that was refused, and that a lever sends in another way', () => {
    const PRO = 'us.amazon.nova-pro-v1:0';
    const again = leverPlugin('router', [
      {
        name: 'router',
        slot: 'route',
        mode: 'enforce',
        around: (view, _call, next) => next(view.withModel(PRO)).catch(() => next(view)),
      },
    ]);
    const refusedOnce = (limitUsd: string) => {
      const answer = converseResponse({ usage: { inputTokens: 20, outputTokens: 10 } });
      const handler = fakeRequestHandler({
        handler: (_, index) =>
          index === 0 ? errorResponse('ValidationException', 'no') : jsonResponse(answer),
      });
      const { store, last } = watchedStore();
      const meter = createMeter({
        store,
        budgets: [{ name: 'all', limitUsd, period: 'total', onExceed: 'block' }],
      });
      const bare = new BedrockRuntimeClient(fakeBedrockClientConfig(handler));
      return { last, meter, client: deriveClient(withMeter(bare, { meter }), again) };
    };

    it('are free for the other way, which costs what it costs', async () => {
      const { client, last } = refusedOnce('1');
      const receipt = receiptOf(await client.send(ask(PROSE)));
      expect(receipt?.attempts).toHaveLength(1);
      // By its own reservation, not by that of the cheaper model.
      expect(receipt?.decisions).toEqual([]);

      // A limit that has room for one of them: the call must not wait for itself.
      const tight = refusedOnce(`${Number(last()) / 1e12}`);
      const answer = receiptOf(await tight.client.send(ask(PROSE)));
      expect(answer?.decisions).toEqual([]);
      expect(tight.meter.remaining('all').picoUsd).toBe(last() - (answer?.cost?.picoUsd ?? 0n));
    });
  });

  describe('of a request that the SDK sends again after a timeout', () => {
    const timeout = (): never => {
      throw Object.assign(new Error('no answer in time'), { name: 'TimeoutError' });
    };
    const answer = converseResponse({ usage: { inputTokens: 20, outputTokens: 10 } });
    const limited = (limitUsd: string, timeouts: number) => {
      const handler = fakeRequestHandler({
        handler: (_, index) => (index < timeouts ? timeout() : jsonResponse(answer)),
      });
      const { store, last } = watchedStore();
      const meter = createMeter({
        store,
        budgets: [{ name: 'all', limitUsd, period: 'total', onExceed: 'block' }],
      });
      const client = withMeter(new BedrockRuntimeClient(fakeBedrockClientConfig(handler)), { meter });
      return { handler, last, meter, client };
    };

    it('hold each time, and what got no answer counts as spent at what was held', async () => {
      const { handler, last, meter, client } = limited('1', 2);
      const receipt = receiptOf(await client.send(ask(PROSE)));
      expect(handler.requests).toHaveLength(3);
      expect(receipt?.attempts.map(({ complete }) => complete)).toEqual([false, false, true]);
      const answered = receipt?.attempts[2]?.cost?.picoUsd ?? 0n;
      expect(answered).toBeGreaterThan(0n);
      expect(meter.remaining('all').picoUsd).toBe(10n ** 12n - 2n * last() - answered);
    });

    it('stop it where no budget has room for another', async () => {
      const { last } = await (async () => {
        const once = limited('1', 0);
        await once.client.send(ask(PROSE));
        return once;
      })();
      const { handler, meter, client } = limited(`${Number(last()) / 1e12}`, 1);
      const error: unknown = await client.send(ask(PROSE)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(BudgetExceededError);
      expect(handler.requests).toHaveLength(1);
      expect(meter.remaining('all').picoUsd).toBe(0n);
      expect(receiptOf(error)).toMatchObject({
        error: 'BudgetExceededError',
        attempts: [{ complete: false, error: 'TimeoutError' }],
        decisions: expect.arrayContaining([
          expect.objectContaining({ lever: 'budget', action: 'stopped the SDK from sending again' }),
        ]),
      });
    });
  });
});
