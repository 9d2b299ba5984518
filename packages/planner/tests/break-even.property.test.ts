import { Money } from '@costkit/pricing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditRunway } from '../src/credit-runway.js';
import { distillationPayback } from '../src/distillation-payback.js';
import { findCrossings } from '../src/find-crossings.js';
import { ragVersusLongContext } from '../src/rag-versus-long-context.js';
import { vectorStoreCost } from '../src/vector-store-cost.js';
import { STORES, storeCost } from '../src/vector-stores.js';
import { runs } from './runs.js';

describe('findCrossings', () => {
  it('finds the crossing of two lines wherever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1_000_000_000 }), (at) => {
        expect(findCrossings((value) => (value < at ? -1 : 1), 1, 1e9)).toEqual([{ at, signAfter: 1 }]);
      }),
    );
  });
});

describe('ragVersusLongContext', () => {
  const options = fc.record({
    model: fc.constantFrom('global.anthropic.claude-sonnet-4-5-20250929-v1:0', 'amazon.nova-pro-v1:0'),
    corpusTokens: fc.integer({ min: 100, max: 150_000 }),
    questionsPerMonth: fc.integer({ min: 1, max: 1_000_000 }),
    questionTokens: fc.nat(1_000),
    outputTokens: fc.nat(1_000),
    retrieval: fc.record({
      embeddingModel: fc.constant('amazon.titan-embed-text-v2:0'),
      chunkTokens: fc.integer({ min: 50, max: 1_000 }),
      chunksPerQuestion: fc.integer({ min: 1, max: 20 }),
      storeUsdPerMonth: fc.integer({ min: 0, max: 500 }),
    }),
  });

  it('crosses where it says', () => {
    fc.assert(
      fc.property(options, (some) => {
        for (const { value, cheaperBelow, cheaperAbove } of ragVersusLongContext(some).byQuestions) {
          if (value === undefined || value < 2) continue;
          const differenceAt = (questionsPerMonth: number): number => {
            const { longContext, retrieval } = ragVersusLongContext({ ...some, questionsPerMonth });
            return (
              longContext.perMonth!.compare(retrieval.perMonth!) * (cheaperAbove === 'retrieval' ? 1 : -1)
            );
          };
          expect(cheaperBelow).not.toBe(cheaperAbove);
          expect(differenceAt(value - 1)).toBeLessThanOrEqual(0);
          expect(differenceAt(value)).toBe(1);
        }
      }),
      { numRuns: runs(6) },
    );
  });

  it('never pays more for the cache than without', () => {
    fc.assert(
      fc.property(options, (some) => {
        const { longContext } = ragVersusLongContext(some);
        if (longContext.perMonth === undefined) return;
        expect(longContext.perMonth.compare(longContext.uncached.perMonth!)).not.toBe(1);
      }),
      { numRuns: runs(6) },
    );
  });
});

describe('distillationPayback', () => {
  const options = fc.record({
    teacher: fc.constant('meta.llama3-1-70b-instruct-v1:0'),
    student: fc.constant('meta.llama3-1-8b-instruct-v1:0'),
    requestsPerMonth: fc.integer({ min: 1, max: 10_000_000 }),
    inputTokens: fc.integer({ min: 1, max: 10_000 }),
    outputTokens: fc.integer({ min: 1, max: 2_000 }),
    studentShare: fc.integer({ min: 1, max: 100 }).map((percent) => percent / 100),
    training: fc.record({
      prompts: fc.integer({ min: 100, max: 15_000 }),
      epochs: fc.integer({ min: 1, max: 5 }),
    }),
    horizonMonths: fc.integer({ min: 1, max: 36 }),
  });

  it('has paid back exactly at the horizon, at its break-even volume', () => {
    fc.assert(
      fc.property(options, (some) => {
        const { breakEven } = distillationPayback(some);
        const again = distillationPayback({ ...some, requestsPerMonth: breakEven.value! });
        expect(again.paybackMonths! / some.horizonMonths).toBeCloseTo(1, 4);
      }),
      { numRuns: runs(40) },
    );
  });

  it('pays back sooner with more requests, and not at all below the volume it names', () => {
    fc.assert(
      fc.property(options, (some) => {
        const { neverBelow, paybackMonths } = distillationPayback(some);
        const more = distillationPayback({ ...some, requestsPerMonth: some.requestsPerMonth * 2 });
        if (paybackMonths !== undefined) expect(more.paybackMonths).toBeLessThan(paybackMonths);
        expect(paybackMonths === undefined).toBe(some.requestsPerMonth <= neverBelow.value!);
      }),
      { numRuns: runs(40) },
    );
  });
});

describe('vectorStoreCost', () => {
  const options = fc.record({
    vectors: fc.integer({ min: 1, max: 100_000_000 }),
    dimensions: fc.constantFrom(256, 512, 1_024, 1_536),
    queriesPerMonth: fc.integer({ min: 0, max: 100_000_000 }),
    churnPerMonth: fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
  });

  it('never costs less with more vectors, dimensions or queries', () => {
    fc.assert(
      fc.property(options, fc.constantFrom(...STORES), (some, store) => {
        const before = storeCost(store, some).perMonth!;
        for (const more of [
          { ...some, vectors: some.vectors * 2 },
          { ...some, dimensions: some.dimensions * 2 },
          { ...some, queriesPerMonth: some.queriesPerMonth * 2 },
        ]) {
          expect(storeCost(store, more).perMonth!.compare(before)).not.toBe(-1);
        }
      }),
    );
  });

  it('names the cheapest of all', () => {
    fc.assert(
      fc.property(options, (some) => {
        const { stores, perMonth } = vectorStoreCost(some);
        for (const store of stores) expect(perMonth!.compare(store.perMonth!)).not.toBe(1);
      }),
      { numRuns: runs(4) },
    );
  });
});

describe('creditRunway', () => {
  const pools = fc
    .array(
      fc.record(
        {
          usd: fc.integer({ min: 0, max: 50_000 }),
          expiresInMonths: fc.integer({ min: 1, max: 240 }).map((tenths) => tenths / 10),
        },
        { requiredKeys: ['usd'] },
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((list) => list.map((pool, index) => ({ ...pool, name: `pool ${index}` })));
  const usd = fc.integer({ min: 1, max: 20_000 });
  const growthPerMonth = fc.integer({ min: -10, max: 20 }).map((percent) => percent / 100);

  it('pays every month by pools and cash, and no pool more than it holds', () => {
    fc.assert(
      fc.property(pools, usd, growthPerMonth, (some, usage, growth) => {
        const runway = creditRunway({ pools: some, usage, growthPerMonth: growth, maxMonths: 60 });
        for (const { spend, paid, cash } of runway.schedule) {
          expect(Money.sum([...Object.values(paid), cash]).equals(spend)).toBe(true);
        }
        const used = Money.sum(runway.pools.map((pool) => pool.used));
        const paid = Money.sum(runway.schedule.flatMap((month) => Object.values(month.paid)));
        expect(used.equals(paid)).toBe(true);
        for (const pool of runway.pools) expect(pool.unused.compare(Money.zero)).not.toBe(-1);
      }),
      { numRuns: runs(25) },
    );
  });

  it('is balance ÷ spend where nothing grows or expires', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), usd, (balance, usage) => {
        const { months } = creditRunway({ pools: [{ name: 'pool', usd: balance }], usage, maxMonths: 600 });
        if (months !== undefined) expect(months).toBeCloseTo(balance / usage, 6);
      }),
      { numRuns: runs(25) },
    );
  });

  it('lasts no longer with more usage', () => {
    fc.assert(
      fc.property(pools, usd, growthPerMonth, (some, usage, growth) => {
        const monthsAt = (factor: number): number =>
          creditRunway({ pools: some, usage: usage * factor, growthPerMonth: growth, maxMonths: 60 })
            .months ?? Number.POSITIVE_INFINITY;
        expect(monthsAt(2)).toBeLessThanOrEqual(monthsAt(1) + 1e-9);
      }),
      { numRuns: runs(25) },
    );
  });
});
