import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createQuotas } from './token-buckets.js';

const MINUTE = 60_000;

describe('createQuotas', () => {
  it('takes the limit of the id as called before that of the model, and * last', () => {
    const quotas = createQuotas(
      { 'us.a': { tokensPerMinute: 1 }, a: { tokensPerMinute: 2 }, '*': { tokensPerMinute: 3 } },
      () => 0,
    );
    expect(() => quotas.reserve(['us.a', 'a'], 'one', 2)).toThrow('Too many tokens');
    quotas.reserve(['eu.a', 'a'], 'two', 2);
    quotas.reserve(['b', 'b'], 'three', 3);
  });

  it('takes nothing of any quota when one is used up', () => {
    const quotas = createQuotas({ '*': { requestsPerMinute: 2, tokensPerMinute: 10 } }, () => 0);
    expect(() => quotas.reserve(['a'], 'p', 11)).toThrow('Too many tokens');
    quotas.reserve(['a'], 'p', 5);
    quotas.reserve(['a'], 'p', 5);
    expect(() => quotas.reserve(['a'], 'p', 0)).toThrow('Too many requests');
  });

  it('keeps models apart', () => {
    const quotas = createQuotas({ '*': { requestsPerMinute: 1 } }, () => 0);
    quotas.reserve(['a'], 'account/a', 1);
    quotas.reserve(['b'], 'account/b', 1);
    expect(() => quotas.reserve(['a'], 'account/a', 1)).toThrow('Too many requests');
  });

  it('gives back what was reserved and not used', () => {
    const quotas = createQuotas({ '*': { tokensPerMinute: 100 } }, () => 0);
    quotas.reserve(['a'], 'p', 100).settle(10);
    quotas.reserve(['a'], 'p', 90);
    expect(() => quotas.reserve(['a'], 'p', 1)).toThrow('Too many tokens');
  });

  it('never lets more through in a minute than it holds and refills', () => {
    const call = fc.record({
      pauseMs: fc.integer({ min: 0, max: 20_000 }),
      tokens: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
        let now = 0;
        let admitted = 0;
        const quotas = createQuotas({ '*': { tokensPerMinute: 100 } }, () => now);
        for (const { pauseMs, tokens } of calls) {
          now += pauseMs;
          try {
            quotas.reserve(['a'], 'p', tokens);
            admitted += tokens;
          } catch (error) {
            expect(error).toMatchObject({ code: 'ThrottlingException' });
          }
          expect(admitted).toBeLessThanOrEqual(100 + (now / MINUTE) * 100 + 1e-6);
        }
      }),
    );
  });
});
