import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dollars, picoUsdOf } from './dollars.js';

describe('dollars', () => {
  it.each([
    [0n, '$0.00', 0],
    [1n, '$0.000000000001', 1e-12],
    [1_500_000_000_000n, '$1.50', 1.5],
    [-20_000_000_000n, '-$0.02', -0.02],
    [9_007_199_254_740_993_000_000_000_000n, '$9007199254740993.00', 9007199254740992],
  ])('writes %s pico-dollars as %s', (picoUsd, text, usd) => {
    expect(String(dollars(picoUsd))).toBe(text);
    expect(dollars(picoUsd).usd).toBe(usd);
  });
});

describe('picoUsdOf', () => {
  it.each([
    ['0.00006', 60_000_000n],
    ['3', 3_000_000_000_000n],
    ['0.000000000001', 1n],
  ])('reads %s exactly', (text, picoUsd) => {
    expect(picoUsdOf(text)).toBe(picoUsd);
  });

  it('reads back what dollars writes', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 24n), (picoUsd) => {
        expect(picoUsdOf(String(dollars(picoUsd)).slice(1))).toBe(picoUsd);
      }),
    );
  });
});
