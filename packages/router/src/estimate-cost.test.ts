import { estimatedTokens, type RequestView } from '@costkit/core';
import { costOf, type ResolvedModel, resolveModel } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { converseView, fakeCall, HAIKU } from '../tests/call-fixture.js';
import { estimateCost } from './estimate-cost.js';

function resolved(modelId: string): ResolvedModel {
  const model = resolveModel(modelId);
  if (model === undefined) throw new Error(modelId);
  return model;
}

const haiku = resolved(HAIKU);
const NO_USAGE = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite30m: 0 };
const LONG = 'A sentence that is repeated so that a prefix can be cached. '.repeat(100);
const cachedSystem = (ttl?: '1h') =>
  converseView({
    system: [{ text: LONG }, { cachePoint: { type: 'default', ...(ttl === undefined ? {} : { ttl }) } }],
  });
const tokens = (view: RequestView, model: ResolvedModel = haiku): number =>
  Math.ceil(estimatedTokens(view, {}, model.model.id).total);

describe('estimateCost', () => {
  it('prices input and output of a plain request', () => {
    const view = converseView();
    const expected = costOf({ ...NO_USAGE, input: tokens(view), output: 50 }, { model: haiku });
    expect(estimateCost({ view, outputTokens: 50, warmTokens: 0 }, haiku, fakeCall(view))).toEqual(
      expected.total,
    );
  });

  it.each([
    ['5m', cachedSystem(), 'cacheWrite5m'],
    ['1h', cachedSystem('1h'), 'cacheWrite1h'],
  ] as const)('prices a cold prefix before a point of %s as written', (_ttl, view, kind) => {
    const written = Math.floor(estimatedTokens(view).perBlock[0] ?? 0);
    const usage = { ...NO_USAGE, input: tokens(view) - written, [kind]: written, output: 10 };
    const expected = costOf(usage, { model: haiku });
    expect(expected.complete).toBe(true);
    expect(estimateCost({ view, outputTokens: 10, warmTokens: 0 }, haiku, fakeCall(view))).toEqual(
      expected.total,
    );
  });

  it('prices what is warm as read, with or without points', () => {
    for (const view of [cachedSystem(), converseView({ system: [{ text: LONG }] })]) {
      const call = fakeCall(view);
      const cold = estimateCost({ view, outputTokens: 10, warmTokens: 0 }, haiku, call);
      const warm = estimateCost({ view, outputTokens: 10, warmTokens: 1_000 }, haiku, call);
      expect(warm?.usd).toBeLessThan(cold?.usd ?? 0);
    }
  });

  it('ignores caching where the model has none or the prefix is too short', () => {
    const llama = resolved('us.meta.llama3-1-8b-instruct-v1:0');
    const view = cachedSystem();
    const plain = costOf({ ...NO_USAGE, input: tokens(view, llama), output: 10 }, { model: llama });
    expect(estimateCost({ view, outputTokens: 10, warmTokens: 500 }, llama, fakeCall(view))).toEqual(
      plain.total,
    );
    const short = converseView({ system: [{ text: 'Short.' }, { cachePoint: { type: 'default' } }] });
    const expected = costOf({ ...NO_USAGE, input: tokens(short), output: 10 }, { model: haiku });
    expect(estimateCost({ view: short, outputTokens: 10, warmTokens: 0 }, haiku, fakeCall(short))).toEqual(
      expected.total,
    );
  });

  it('prices the service tier that the request asks for', () => {
    const nova = resolved('us.amazon.nova-pro-v1:0');
    const view = converseView({ serviceTier: { type: 'priority' } });
    const expected = costOf(
      { ...NO_USAGE, input: tokens(view, nova), output: 10 },
      { model: nova, tier: 'priority' },
    );
    expect(estimateCost({ view, outputTokens: 10, warmTokens: 0 }, nova, fakeCall(view))).toEqual(
      expected.total,
    );
  });

  it('prices latency-optimised inference, which is no service tier', () => {
    const nova = resolved('us.amazon.nova-pro-v1:0');
    const view = converseView({ performanceConfig: { latency: 'optimized' } });
    const usage = { ...NO_USAGE, input: tokens(view, nova), output: 10 };
    const expected = costOf(usage, { model: nova, tier: 'latencyOptimized' });
    expect(estimateCost({ view, outputTokens: 10, warmTokens: 0 }, nova, fakeCall(view))).toEqual(
      expected.total,
    );
  });

  it('uses negotiated prices', () => {
    const view = converseView();
    const call = fakeCall(view, {}, { priceOverrides: [{ model: 'anthropic.*', multiplier: '0.5' }] });
    const listed = estimateCost({ view, outputTokens: 50, warmTokens: 0 }, haiku, fakeCall(view));
    const negotiated = estimateCost({ view, outputTokens: 50, warmTokens: 0 }, haiku, call);
    expect(negotiated?.times(2)).toEqual(listed);
  });

  it('says nothing where a rate is not known', () => {
    const view = converseView({ serviceTier: { type: 'flex' } });
    expect(estimateCost({ view, outputTokens: 10, warmTokens: 0 }, haiku, fakeCall(view))).toBeUndefined();
  });
});
