import { Money, NO_USAGE } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { costOf, type ResolvedModel, resolveModel } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { createForecaster } from './forecast.js';

const MODEL = 'us.amazon.nova-2-lite-v1:0';
const CLAUDE = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const view = (text: string, more: object = {}, model = MODEL) =>
  viewRequest('Converse', {
    modelId: model,
    messages: [{ role: 'user', content: [{ text }] }],
    inferenceConfig: { maxTokens: 100 },
    ...more,
  });
const of = (
  views: ReturnType<typeof view>[],
  model = MODEL,
  { region = 'us-east-1', smaller }: { region?: string; smaller?: string } = {},
) => {
  const forecaster = createForecaster({ model, region }, resolveModel(model) as ResolvedModel, smaller);
  for (const one of views) forecaster.add(one);
  return forecaster.end();
};

describe('createForecaster', () => {
  it('is the sum over the records, at the batch price', () => {
    const one = of([view('Where is Paris?')]);
    const three = of([view('Where is Paris?'), view('Where is Paris?'), view('Where is Paris?')]);
    expect(three.records).toBe(3);
    expect(three.input?.picoUsd).toBe((one.input?.picoUsd ?? 0n) * 3n);
    expect(three.highest?.picoUsd).toBe((one.highest?.picoUsd ?? 0n) * 3n);
    const usage = {
      input: one.inputTokens,
      output: 0,
      cacheRead: 0,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      cacheWrite30m: 0,
    };
    expect(one.input?.picoUsd).toBe(
      costOf(usage, { model: MODEL, region: 'us-east-1', batch: true }).total.picoUsd,
    );
    expect(one.highest!.picoUsd).toBeGreaterThan(one.input!.picoUsd);
  });

  it('does not take many short records for one of long context', () => {
    const id = 'anthropic.claude-sonnet-4-20250514-v1:0';
    const short = view('word '.repeat(2_000), {}, id);
    const one = of([short], id);
    const many = of(
      Array.from({ length: 200 }, () => short),
      id,
    );
    expect(many.inputTokens).toBeGreaterThan(200_000);
    expect(many.input?.picoUsd).toBe((one.input?.picoUsd ?? 0n) * 200n);
  });

  it('knows no worst case without a cap, with media that nobody counts, or without a price', () => {
    const uncapped = view('Hi', { inferenceConfig: undefined });
    const video = view('Hi', {
      messages: [
        {
          role: 'user',
          content: [{ video: { format: 'mp4', source: { s3Location: { uri: 's3://b/v' } } } }],
        },
      ],
    });
    for (const views of [[view('Hi'), uncapped], [video]]) {
      expect(of(views).highest).toBeUndefined();
      expect(of(views).input).toBeDefined();
    }
    expect(of([view('Hi')], 'us.anthropic.claude-opus-5-5')).toMatchObject({
      input: undefined,
      highest: undefined,
    });
  });

  it('costs nothing for nothing', () => {
    expect(of([])).toMatchObject({
      records: 0,
      inputTokens: 0,
      input: { picoUsd: 0n },
      highest: { picoUsd: 0n },
    });
  });

  const alternative = (forecast: ReturnType<typeof of>, way: string) =>
    forecast.alternatives.find((one) => one.way === way);

  it('compares with on demand, flex and the model that the policy needs', () => {
    const forecast = of([view('Where is Paris?'), view('Where is Rome?')], MODEL, {
      smaller: 'us.amazon.nova-micro-v1:0',
    });
    expect(alternative(forecast, 'on-demand')?.highest?.picoUsd).toBe((forecast.highest?.picoUsd ?? 0n) * 2n);
    expect(alternative(forecast, 'on-demand')?.isCheaper).toBe(false);
    // Flex costs what batch does: it is no reason to wait for a job, nor is it cheaper.
    expect(alternative(forecast, 'flex')).toMatchObject({ highest: forecast.highest, isCheaper: false });
    expect(alternative(forecast, 'smaller-model')).toMatchObject({
      model: 'us.amazon.nova-micro-v1:0',
      isCheaper: true,
    });
    expect(alternative(forecast, 'cached')).toBeUndefined();
    expect(forecast.alternatives[0]?.way).toBe('smaller-model');
  });

  it('sees that a large prefix which all share is cheaper cached on demand', () => {
    const rules = 'Answer by the rules of the house, all of them, in their order. '.repeat(400);
    const views = ['refunds', 'parcels', 'invoices', 'lamps'].map((word) =>
      view(`Sort this mail about ${word}.`, { system: [{ text: rules }] }, CLAUDE),
    );
    const forecast = of(Array.from({ length: 50 }, () => views).flat(), CLAUDE);
    const cached = alternative(forecast, 'cached');
    expect(forecast.sharedPrefixTokens).toBeGreaterThan(4_000);
    expect(cached?.isCheaper).toBe(true);
    // By hand: one write, the rest reads.
    const [onDemand] = [alternative(forecast, 'on-demand')?.input ?? Money.zero];
    const price = (usage: object) =>
      costOf({ ...NO_USAGE, ...usage }, { model: CLAUDE, region: 'us-east-1' }).total;
    const tokens = forecast.sharedPrefixTokens;
    const expected = onDemand
      .minus(price({ input: tokens }).times(200))
      .plus(price({ cacheWrite5m: tokens }))
      .plus(price({ cacheRead: tokens }).times(199));
    expect(cached?.input?.picoUsd).toBe(expected.picoUsd);
  });

  it('shares no prefix where one record begins otherwise', () => {
    const forecast = of([view('Where is Paris?'), view('Where is Rome?'), view('How far is it?')]);
    expect(forecast.sharedPrefixTokens).toBeLessThan(2);
  });
});
