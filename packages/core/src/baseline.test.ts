import { costOf } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { aCall, attempted, aView, MODEL, NOW, OTHER_MODEL } from '../tests/a-call.js';
import { baselineOf } from './baseline.js';
import { NO_USAGE } from './usage.js';

const price = (model: string, usage: object, more: object = {}): bigint =>
  costOf({ ...NO_USAGE, ...usage }, { model, region: 'us-east-1', at: new Date(NOW), ...more }).total.picoUsd;

const POINTS = {
  system: [{ text: 'Be brief. '.repeat(2_000) }, { cachePoint: { type: 'default' } }],
};

/** What is measured of a call whose first attempt was the answer. */
async function baseline(
  usage: Record<string, number>,
  more: {
    readonly original?: object;
    readonly sent?: Readonly<Record<string, unknown>>;
    readonly output?: object;
    readonly counterfactual?: object;
  } = {},
) {
  const original = aView({ ...more.original });
  const call = await aCall(original);
  call.counterfactual = { ...more.counterfactual };
  attempted(call, more.sent === undefined ? original : aView(more.sent), usage, {
    ...(more.output === undefined ? {} : { output: more.output }),
  });
  const { amount, quality } = baselineOf(call, call.attempts[0]!);
  return { picoUsd: amount?.picoUsd, quality };
}

describe('baselineOf', () => {
  it('is the cost itself, exactly, where nothing changed', async () => {
    expect(await baseline({ inputTokens: 100, outputTokens: 20 })).toEqual({
      picoUsd: price(MODEL, { input: 100, output: 20 }),
      quality: 'exact',
    });
  });

  it('prices the tokens of another model on the own one, as an estimate', async () => {
    const sent = { modelId: OTHER_MODEL };
    expect(await baseline({ inputTokens: 100, outputTokens: 20 }, { sent })).toEqual({
      picoUsd: price(MODEL, { input: 100, output: 20 }),
      quality: 'estimated',
    });
  });

  it('corrects them by the ratio that an evaluation measured', async () => {
    const counterfactual = { tokenRatio: 1.3 };
    const sent = { modelId: OTHER_MODEL };
    expect((await baseline({ inputTokens: 100, outputTokens: 20 }, { sent, counterfactual })).picoUsd).toBe(
      price(MODEL, { input: 130, output: 26 }),
    );
    // The ratio is between two models: without a change it says nothing.
    expect((await baseline({ inputTokens: 100, outputTokens: 20 }, { counterfactual })).picoUsd).toBe(
      price(MODEL, { input: 100, output: 20 }),
    );
  });

  it('takes the output that a hold-out measured, as an estimate', async () => {
    expect(
      await baseline({ inputTokens: 100, outputTokens: 20 }, { counterfactual: { outputTokens: 51.4 } }),
    ).toEqual({ picoUsd: price(MODEL, { input: 100, output: 51 }), quality: 'estimated' });
  });

  it('has the input that was not sent, as an estimate, on the own model without a ratio', async () => {
    const counterfactual = { inputTokens: 400, tokenRatio: 1.3 };
    expect(await baseline({ inputTokens: 100, outputTokens: 20 }, { counterfactual })).toEqual({
      picoUsd: price(MODEL, { input: 500, output: 20 }),
      quality: 'estimated',
    });
    const sent = { modelId: OTHER_MODEL };
    expect((await baseline({ inputTokens: 100, outputTokens: 20 }, { sent, counterfactual })).picoUsd).toBe(
      price(MODEL, { input: 530, output: 26 }),
    );
  });

  it('pays every input token in full where the cache points were ours', async () => {
    expect(
      await baseline(
        { inputTokens: 100, outputTokens: 20, cacheWriteInputTokens: 5_000 },
        { counterfactual: { cachePointsAreOurs: true } },
      ),
    ).toEqual({ picoUsd: price(MODEL, { input: 5_100, output: 20 }), quality: 'exact' });
  });

  it('is an estimate where the service may have cached by itself', async () => {
    expect(await baseline({ inputTokens: 100, outputTokens: 20, cacheReadInputTokens: 5_000 })).toEqual({
      picoUsd: price(MODEL, { input: 100, output: 20, cacheRead: 5_000 }),
      quality: 'estimated',
    });
  });

  it('keeps the reads of points that the caller set', async () => {
    expect(
      await baseline(
        { inputTokens: 100, outputTokens: 20, cacheReadInputTokens: 5_000 },
        { original: POINTS },
      ),
    ).toEqual({ picoUsd: price(MODEL, { input: 100, output: 20, cacheRead: 5_000 }), quality: 'exact' });
  });

  it('prices the tier that the caller asked for where a lever changed it', async () => {
    const original = { modelId: 'us.amazon.nova-pro-v1:0' };
    const sent = { ...original, serviceTier: { type: 'flex' } };
    const output = { serviceTier: { type: 'flex' } };
    expect(await baseline({ inputTokens: 100, outputTokens: 20 }, { original, sent, output })).toEqual({
      picoUsd: price('us.amazon.nova-pro-v1:0', { input: 100, output: 20 }),
      quality: 'exact',
    });
  });

  it('claims no saving where the service itself served another tier', async () => {
    const original = { modelId: 'us.amazon.nova-pro-v1:0', serviceTier: { type: 'priority' } };
    const output = { serviceTier: { type: 'default' } };
    expect((await baseline({ inputTokens: 100, outputTokens: 20 }, { original, output })).picoUsd).toBe(
      price('us.amazon.nova-pro-v1:0', { input: 100, output: 20 }),
    );
  });

  it('is undefined where the own model has no known price', async () => {
    const original = { modelId: 'acme.unheard-of-v1' };
    const sent = { modelId: MODEL };
    expect(await baseline({ inputTokens: 1 }, { original, sent })).toEqual({
      picoUsd: undefined,
      quality: 'estimated',
    });
  });

  it('adds what a repair has written to the answer', async () => {
    const call = await aCall();
    attempted(call, call.original, { inputTokens: 100, outputTokens: 20 });
    attempted(call, call.original, { inputTokens: 130, outputTokens: 15 }, { purpose: 'repair' });
    expect(baselineOf(call, call.attempts[0]!)).toMatchObject({
      amount: { picoUsd: price(MODEL, { input: 100, output: 35 }) },
      quality: 'estimated',
    });
  });

  it('is exact at the on-demand price for a batch record, unless the own points would have been read', async () => {
    for (const [original, quality] of [
      [aView(), 'exact'],
      [aView(POINTS), 'estimated'],
    ] as const) {
      const call = await aCall(original);
      const usage = { ...NO_USAGE, input: 100, output: 20 };
      call.book({ view: original, usage, startedAt: new Date(NOW) });
      expect(call.attempts[0]).toMatchObject({ mode: 'batch' });
      expect(baselineOf(call, call.attempts[0]!)).toMatchObject({
        amount: { picoUsd: price(MODEL, { input: 100, output: 20 }) },
        quality,
      });
    }
  });
});
