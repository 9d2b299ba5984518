import { InvalidOptionError, Money } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { aReceipt } from '../../tests/a-receipt.js';
import { checkThresholds, type Threshold, thresholdWatch } from './threshold.js';

const AT = Date.parse('2026-11-22T10:00:00Z');
const usage = (input: number, cacheRead = 0) => ({ ...aReceipt().usage, input, cacheRead });

describe('thresholdWatch', () => {
  it('adds dollars up over its window', () => {
    const watch = thresholdWatch({ name: 'hour', metric: 'spendUsd', above: 1, windowMs: 3_600_000 });
    const receipt = aReceipt({ cost: Money.fromUsd('0.4') });
    expect([0, 1, 2].map((minute) => watch.take(receipt, AT + minute * 60_000)?.observed)).toEqual([
      undefined,
      undefined,
      expect.closeTo(1.2, 9),
    ]);
    expect(watch.take(receipt, AT + 3 * 3_600_000)).toBeUndefined();
  });

  it('judges means and shares only over enough calls', () => {
    const watch = thresholdWatch({ name: 'cold', metric: 'cacheHitRate', below: 0.5, minCalls: 3 });
    const take = () => watch.take(aReceipt({ usage: usage(800, 200) }), AT);
    expect([take(), take(), take()]).toEqual([
      undefined,
      undefined,
      { observed: 0.2, limit: 0.5, direction: 'below' },
    ]);
  });

  it.each<[Threshold['metric'], Parameters<typeof aReceipt>[0], number]>([
    ['usdPerCall', { cost: Money.fromUsd('0.25') }, 0.25],
    ['errorRate', { error: 'ThrottlingException' }, 1],
    ['unpricedRate', { cost: undefined }, 1],
    ['promptTokens', { usage: usage(700, 50) }, 750],
    ['latencyMs', { latencyMs: 1_500 }, 1_500],
    ['calls', {}, 1],
  ])('knows %s', (metric, fields, observed) => {
    const watch = thresholdWatch({ name: 'one', metric, above: 0, minCalls: 1 });
    expect(watch.take(aReceipt(fields), AT)?.observed).toBeCloseTo(observed, 9);
  });

  it('counts no call whose price is unknown as one that costs nothing', () => {
    const watch = thresholdWatch({ name: 'dear', metric: 'usdPerCall', above: 0.2, minCalls: 1 });
    watch.take(aReceipt({ cost: undefined }), AT);
    expect(watch.take(aReceipt({ cost: Money.fromUsd('0.25') }), AT)?.observed).toBe(0.25);
  });
});

describe('checkThresholds', () => {
  const good: Threshold = { name: 'a', metric: 'calls', above: 1 };
  it.each([
    [[{ ...good, above: Number.NaN }], 'thresholds[0].above'],
    [[{ ...good, below: 1 }], 'one of them'],
    [[{ name: 'a', metric: 'calls' }], 'one of them'],
    [[{ metric: 'calls', above: 1 }], 'name'],
    [[good, good], 'is taken'],
    [[{ ...good, metric: 'dollars' }], 'metric'],
    [[{ ...good, limit: 1 }], 'limit'],
  ])('refuses %o', (thresholds, problem) => {
    expect(() => checkThresholds(thresholds as Threshold[])).toThrow(InvalidOptionError);
    expect(() => checkThresholds(thresholds as Threshold[])).toThrow(problem);
  });
});
