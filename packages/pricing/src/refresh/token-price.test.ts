import { describe, expect, it } from 'vitest';
import { picoUsdPerToken, tokensPerUnit } from './token-price.js';

describe('tokensPerUnit', () => {
  it.each<[string, bigint]>([
    ['1K tokens', 1_000n],
    ['1k tokens', 1_000n],
    ['1000 tokens', 1_000n],
    ['1M tokens', 1_000_000n],
    ['1,000,000 tokens', 1_000_000n],
    ['1 million tokens', 1_000_000n],
  ])('reads "%s" in any offer', (unit, tokens) => {
    expect(tokensPerUnit(unit, true)).toBe(tokens);
    expect(tokensPerUnit(unit, false)).toBe(tokens);
  });

  it('takes Units for a million where Marketplace says it, for nothing elsewhere', () => {
    expect(tokensPerUnit('Units', true)).toBe(1_000_000n);
    expect(tokensPerUnit('Units', false)).toBeUndefined();
  });

  it.each(['tokens', '1M TPM Hour', '1B tokens', 'image', 'Search Units', 'seconds', 'hour', ''])(
    'knows no number of tokens in "%s"',
    (unit) => {
      expect(tokensPerUnit(unit, true)).toBeUndefined();
    },
  );
});

describe('picoUsdPerToken', () => {
  it.each<[string, bigint, number]>([
    ['0.0000600000', 1_000n, 60_000],
    ['0.06', 1_000_000n, 60_000],
    ['6E-5', 1_000n, 60_000],
    ['5.5000000000', 1_000_000n, 5_500_000],
    ['0.0000000000', 1_000n, 0],
    ['0', 1_000_000n, 0],
    ['1e1', 1_000_000n, 10_000_000],
  ])('reads %s for %s tokens', (usd, tokens, picoUsd) => {
    expect(picoUsdPerToken(usd, tokens)).toBe(picoUsd);
  });

  it.each(['0.00000000001', '-1', '', 'NaN', '1,5', '.5', '1e-20', '9'.repeat(30)])(
    'refuses "%s", which is no whole number of pico-dollars',
    (usd) => {
      expect(picoUsdPerToken(usd, 1_000n)).toBeUndefined();
    },
  );
});
