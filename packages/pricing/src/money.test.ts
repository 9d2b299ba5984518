import { describe, expect, it } from 'vitest';
import { Money } from './money.js';

describe('Money', () => {
  it.each<[string | number, bigint]>([
    ['0', 0n],
    ['1', 1_000_000_000_000n],
    ['-1.5', -1_500_000_000_000n],
    ['0.000000000001', 1n],
    ['0.10', 100_000_000_000n],
    [0.1, 100_000_000_000n],
    [-0.25, -250_000_000_000n],
    [1e-12, 1n],
    [4e-13, 0n],
    [1e21, 10n ** 33n],
  ])('reads %j', (usd, picoUsd) => {
    expect(Money.fromUsd(usd).picoUsd).toBe(picoUsd);
  });

  it.each(['', '$1', '1.', '.5', '1e3', '0.0000000000001', ' 1', '1,000', 'NaN'])('refuses %j', (text) => {
    expect(() => Money.fromUsd(text)).toThrow(RangeError);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %s', (usd) => {
    expect(() => Money.fromUsd(usd)).toThrow(/no amount of dollars/);
  });

  it('adds without the errors of doubles', () => {
    const sum = Money.fromUsd('0.10').plus(Money.fromUsd('0.20'));
    expect(sum.usd).toBe(0.3);
    expect(sum.equals(Money.fromUsd('0.3'))).toBe(true);
    expect(Money.sum([sum, sum, Money.zero]).toUsdString()).toBe('0.6');
    expect(sum.minus(Money.fromUsd('1')).toUsdString()).toBe('-0.7');
    expect(sum.times(3).toUsdString()).toBe('0.9');
    expect(() => sum.times(0.5)).toThrow(RangeError);
  });

  it('counts tokens exactly beyond what doubles hold', () => {
    expect(Money.ofCount(1_200, 1_100_000).picoUsd).toBe(1_320_000_000n);
    expect(Money.ofCount(9_007_199_254_740_991, 75_000_001).picoUsd).toBe(
      9_007_199_254_740_991n * 75_000_001n,
    );
  });

  it('sorts', () => {
    const amounts = ['2', '-1', '0.5'].map((usd) => Money.fromUsd(usd));
    expect(amounts.sort((one, other) => one.compare(other)).map(String)).toEqual([
      '-$1.00',
      '$0.50',
      '$2.00',
    ]);
    expect(Money.zero.compare(Money.fromPicoUsd(0))).toBe(0);
  });

  it.each<[string, string]>([
    ['0', '$0.00'],
    ['1234567.891', '$1,234,567.89'],
    ['0.5', '$0.50'],
    ['0.0123', '$0.0123'],
    ['0.00297', '$0.002970'],
    ['-0.00297', '-$0.002970'],
    ['0.000000000001', '$0.000000000001'],
  ])('shows %s to people as %s', (usd, text) => {
    expect(String(Money.fromUsd(usd))).toBe(text);
  });

  it('keeps all digits in JSON', () => {
    expect(JSON.stringify({ cost: Money.fromUsd('0.000123456789') })).toBe('{"cost":"0.000123456789"}');
  });
});
