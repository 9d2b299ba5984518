import { describe, expect, it } from 'vitest';
import { chooseThreshold } from './choose-threshold.js';

const samples = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    score: at / count,
    cheap: at / count < 0.5 || at % 2 === 0 ? 1 : 0,
    strong: 1,
  }));

describe('chooseThreshold', () => {
  it('lets prompts through until the loss might break the target', () => {
    const choice = chooseThreshold(samples(2_000), { keepShareOfStrongQuality: 0.95 });
    expect(choice.threshold).toBeGreaterThan(0.5);
    expect(choice.threshold).toBeLessThan(0.6);
    expect(choice.cheapShare).toBeCloseTo(choice.threshold, 2);
    expect(choice.shareOfStrongQuality).toBeGreaterThan(0.95);
    expect(choice.target).toEqual({ keepShareOfStrongQuality: 0.95, delta: 0.1, overPrompts: 2_000 });
  });

  it('asks for more caution over fewer prompts and for a smaller delta', () => {
    const share = (options: object) =>
      chooseThreshold(samples(2_000), { keepShareOfStrongQuality: 0.95, ...options }).cheapShare;
    expect(share({ overPrompts: 200 })).toBeLessThan(share({}));
    expect(share({ delta: 0.01 })).toBeLessThan(share({ delta: 0.2 }));
  });

  it('sends everything to the strong tier where too few samples promise nothing', () => {
    expect(chooseThreshold(samples(20), { keepShareOfStrongQuality: 0.99 })).toMatchObject({
      threshold: 0,
      cheapShare: 0,
      shareOfStrongQuality: 1,
    });
  });

  it('counts what the model does not know as sent to the strong tier', () => {
    const half = samples(2_000).map((sample, at) => ({ ...sample, known: at % 2 === 0 }));
    const choice = chooseThreshold(half, { keepShareOfStrongQuality: 0.95 });
    expect(choice.abstainedShare).toBe(0.5);
    expect(choice.cheapShare).toBeLessThanOrEqual(0.5);
  });

  it('sends equal scores the same way', () => {
    const equal = samples(2_000).map((sample) => ({ ...sample, score: 0.5 }));
    expect(chooseThreshold(equal, { keepShareOfStrongQuality: 0.99 }).cheapShare).toBe(0);
    expect(chooseThreshold(equal, { keepShareOfStrongQuality: 0.5 })).toMatchObject({
      threshold: 1,
      cheapShare: 1,
    });
  });

  it.each([
    [[], { keepShareOfStrongQuality: 0.9 }, 'samples'],
    [samples(5), { keepShareOfStrongQuality: 2 }, 'keepShareOfStrongQuality'],
    [samples(5), {}, 'keepShareOfStrongQuality'],
    [samples(5), { keepShareOfStrongQuality: 0.9, delta: 0 }, 'delta'],
    [samples(5), { keepShareOfStrongQuality: 0.9, overPrompts: 1.5 }, 'overPrompts'],
    [samples(5), { keepShareOfStrongQuality: 0.9, alpha: 1 }, 'alpha'],
  ])('rejects what is wrong (%#)', (own, target, option) => {
    expect(() => chooseThreshold(own, target as never)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION', option }),
    );
  });
});
