import { Money } from '@costkit/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPurse } from './purse.js';

const usd = (amount: number): Money => Money.fromUsd(amount);

describe('createPurse', () => {
  it('always has room without a limit, also for what nobody can say', () => {
    const purse = createPurse(undefined);
    purse.spend(undefined);
    expect([purse.hold(usd(1_000_000)), purse.hold(undefined)]).toEqual([true, true]);
  });

  it('holds up to its limit and not a picodollar more', () => {
    const purse = createPurse(usd(1));
    expect(purse.hold(usd(0.4))).toBe(true);
    expect(purse.hold(usd(0.6).plus(Money.fromPicoUsd(1n)))).toBe(false);
    expect(purse.hold(usd(0.6))).toBe(true);
    expect(purse.hold(Money.fromPicoUsd(1n))).toBe(false);
  });

  it('gives back what was held and not spent, and lets no unknown worst case through', () => {
    const purse = createPurse(usd(1));
    expect(purse.hold(undefined)).toBe(false);
    purse.hold(usd(1));
    purse.settle(usd(1), usd(0.25));
    expect([purse.hold(usd(0.75)), purse.hold(usd(0.01))]).toEqual([true, false]);
  });

  it('counts the worst case where nobody knows what a request has cost', () => {
    const purse = createPurse(usd(1));
    purse.hold(usd(0.6));
    purse.settle(usd(0.6), undefined);
    expect([purse.hold(usd(0.5)), purse.hold(usd(0.4))]).toEqual([false, true]);
  });

  it('promises nothing more once it was told of an answer of unknown price', () => {
    const purse = createPurse(usd(1));
    purse.spend(undefined);
    expect(purse.hold(usd(0.01))).toBe(false);
  });

  it('never spends more than its limit, whatever is held, settled or refused, in whatever order', () => {
    const step = fc.record({
      worst: fc.bigInt({ min: 0n, max: 50n }),
      share: fc.integer({ min: 0, max: 100 }),
      settlesFirst: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 200n }), fc.array(step), (limit, steps) => {
        const purse = createPurse(Money.fromPicoUsd(limit));
        const open: { worst: bigint; cost: bigint }[] = [];
        let spent = 0n;
        const settle = (): void => {
          const one = open.shift();
          if (one === undefined) return;
          purse.settle(Money.fromPicoUsd(one.worst), Money.fromPicoUsd(one.cost));
          spent += one.cost;
        };
        for (const { worst, share, settlesFirst } of steps) {
          if (settlesFirst) settle();
          if (purse.hold(Money.fromPicoUsd(worst)))
            open.push({ worst, cost: (worst * BigInt(share)) / 100n });
          const atWorst = open.reduce((sum, one) => sum + one.worst, spent);
          expect(atWorst <= limit).toBe(true);
        }
        while (open.length > 0) settle();
        expect(spent <= limit).toBe(true);
      }),
    );
  });
});
