import { Money } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { createSpending } from './spending.js';

const usd = (amount: string): Money => Money.fromUsd(amount);

describe('createSpending', () => {
  it('has room for everything without a limit', async () => {
    const spending = createSpending(usd('1'), undefined);
    expect(await spending.reserve(usd('1000'))).toBe(true);
    spending.settle(usd('1000'), usd('2'));
    expect(spending.spent).toEqual(usd('3'));
  });

  it('waits for what is on its way, and takes the room that it leaves', async () => {
    const spending = createSpending(Money.zero, usd('1'));
    expect(await spending.reserve(usd('0.8'))).toBe(true);
    const next = spending.reserve(usd('0.8'));
    spending.settle(usd('0.8'), usd('0.1'));
    expect(await next).toBe(true);
  });

  it('is full once nothing is on its way, and lets no cheaper call overtake', async () => {
    const spending = createSpending(Money.zero, usd('1'));
    expect(await spending.reserve(usd('0.9'))).toBe(true);
    const dear = spending.reserve(usd('0.5'));
    const cheap = spending.reserve(usd('0.01'));
    spending.settle(usd('0.9'), usd('0.9'));
    expect(await Promise.all([dear, cheap])).toEqual([false, false]);
    expect(spending.spent).toEqual(usd('0.9'));
  });

  it('takes what fits exactly, beside what earlier runs have paid', async () => {
    const spending = createSpending(usd('0.4'), usd('1'));
    expect(await spending.reserve(usd('0.6'))).toBe(true);
    spending.settle(usd('0.6'), usd('0.6'));
    expect(await spending.reserve(usd('0.000000000001'))).toBe(false);
  });
});
