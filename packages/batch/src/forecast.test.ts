import { viewRequest } from '@costkit/core/views';
import { costOf } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { forecast } from './forecast.js';

const MODEL = 'us.amazon.nova-2-lite-v1:0';
const view = (text: string, more: object = {}, model = MODEL) =>
  viewRequest('Converse', {
    modelId: model,
    messages: [{ role: 'user', content: [{ text }] }],
    inferenceConfig: { maxTokens: 100 },
    ...more,
  });
const of = (views: ReturnType<typeof view>[], model = MODEL, region = 'us-east-1') =>
  forecast(views, { model, region }, model);

describe('forecast', () => {
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
});
