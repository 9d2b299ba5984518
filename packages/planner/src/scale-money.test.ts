import { Money } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { cheapest, divideMoney, scaleMoney, shareOf, sumOfKnown } from './scale-money.js';

const usd = (amount: string): Money => Money.fromUsd(amount);

describe('scaleMoney', () => {
  it.each([
    ['3.3', 2, '6.6'],
    ['0.000000000001', 0.5, '0.000000000001'],
    ['0.000000000001', 0.4, '0'],
    ['1', 1e9, '1000000000'],
    ['-2', 0.25, '-0.5'],
  ])('%s times %d is %s', (amount, factor, product) => {
    expect(scaleMoney(usd(amount), factor).toUsdString()).toBe(product);
  });
});

describe('divideMoney', () => {
  it('divides exactly where it can', () => {
    expect(divideMoney(usd('9'), 12).toUsdString()).toBe('0.75');
  });
});

describe('sumOfKnown', () => {
  it('is unknown as soon as one part is', () => {
    expect(sumOfKnown([usd('1'), undefined])).toBeUndefined();
    expect(sumOfKnown([usd('1'), usd('2')])?.toUsdString()).toBe('3');
  });
});

describe('cheapest', () => {
  it('passes over what is unknown', () => {
    expect(cheapest([undefined, usd('2'), usd('1')])?.toUsdString()).toBe('1');
    expect(cheapest([undefined])).toBeUndefined();
  });
});

describe('shareOf', () => {
  it('says 0 of nothing', () => {
    expect(shareOf(usd('1'), usd('4'))).toBe(0.25);
    expect(shareOf(Money.zero, Money.zero)).toBe(0);
  });
});
