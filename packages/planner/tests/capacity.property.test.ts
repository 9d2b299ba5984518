import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { provisionedThroughputBreakEven } from '../src/provisioned-throughput.js';
import { bestUnits, overflowCost, queueBefore, throttledShare } from '../src/unit-optimum.js';
import { runs } from './runs.js';

const loads = fc.array(
  fc.record({
    units: fc.double({ min: 0, max: 12, noNaN: true }),
    onDemand: fc.double({ min: 0, max: 100, noNaN: true }),
  }),
  { minLength: 1, maxLength: 24 },
);

describe('bestUnits', () => {
  it('is what an exhaustive search finds', () => {
    fc.assert(
      fc.property(loads, fc.double({ min: 0.1, max: 200, noNaN: true }), (some, unitCost) => {
        const costOf = (units: number): number => units * unitCost + overflowCost(some, units);
        const cheapest = Math.min(...Array.from({ length: 14 }, (_, units) => costOf(units)));
        expect(costOf(bestUnits(some, unitCost))).toBeCloseTo(cheapest, 6);
      }),
    );
  });

  it('buys no more when units become dearer', () => {
    fc.assert(
      fc.property(loads, fc.double({ min: 0.1, max: 100, noNaN: true }), (some, unitCost) => {
        expect(bestUnits(some, unitCost * 1.5)).toBeLessThanOrEqual(bestUnits(some, unitCost));
      }),
    );
  });
});

describe('queueBefore', () => {
  it('gets shorter with more units', () => {
    fc.assert(
      fc.property(loads, fc.integer({ min: 1, max: 12 }), (some, units) => {
        const list = some.map((load) => load.units);
        const [fewer, more] = [queueBefore(list, units, 1), queueBefore(list, units + 1, 1)];
        expect(more.waitingShare).toBeLessThanOrEqual(fewer.waitingShare);
        expect(more.longestWaitHours ?? 0).toBeLessThanOrEqual(
          fewer.longestWaitHours ?? Number.POSITIVE_INFINITY,
        );
      }),
    );
  });
});

describe('throttledShare', () => {
  it('is a share, at least what the mean exceeds, and smaller with more units', () => {
    const load = fc.double({ min: 0.01, max: 10, noNaN: true });
    fc.assert(
      fc.property(
        load,
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 10_000 }),
        (mean, units, requests) => {
          const share = throttledShare(mean, units, requests);
          expect(share).toBeGreaterThanOrEqual(Math.max(0, 1 - units / mean) - 1e-6);
          expect(share).toBeLessThanOrEqual(1);
          expect(throttledShare(mean, units + 1, requests)).toBeLessThanOrEqual(share + 1e-6);
        },
      ),
    );
  });
});

describe('provisionedThroughputBreakEven', () => {
  const hours = fc.array(fc.record({ inputTokens: fc.nat(500_000_000), outputTokens: fc.nat(50_000_000) }), {
    minLength: 1,
    maxLength: 24,
  });
  const unit = { inputTokensPerMinute: 900_000, outputTokensPerMinute: 90_000 };
  const model = 'meta.llama3-1-70b-instruct-v1:0';

  it('is never dearer than on demand, and adds up', () => {
    fc.assert(
      fc.property(hours, (some) => {
        const { onDemand, commitments, best } = provisionedThroughputBreakEven({ model, hours: some, unit });
        expect(best.total?.compare(onDemand!)).not.toBe(1);
        for (const { capacity, overflow, total, curve } of commitments) {
          expect(total?.equals(capacity.plus(overflow!))).toBe(true);
          // Whole pico-dollars are rounded in every hour.
          for (const point of curve) expect(total!.usd).toBeLessThanOrEqual(point.total!.usd + 1e-6);
        }
      }),
      { numRuns: runs(40) },
    );
  });

  it('breaks even where a unit and on demand cost the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }), (input, output) => {
        const full = Math.min(54e6 / input, 5.4e6 / output);
        const hourAt = (share: number) => [
          { inputTokens: Math.round(input * full * share), outputTokens: Math.round(output * full * share) },
        ];
        const [none] = provisionedThroughputBreakEven({ model, hours: hourAt(1), unit }).commitments;
        const share = none?.breakEvenUtilisation;
        if (share === undefined) return;
        const { onDemand } = provisionedThroughputBreakEven({ model, hours: hourAt(share), unit });
        expect(onDemand!.usd / 730).toBeCloseTo(none!.usdPerUnitHour.usd, 3);
      }),
      { numRuns: runs(40) },
    );
  });
});

describe('reserved tier', () => {
  it('is what an exhaustive search finds', () => {
    const model = 'us.anthropic.claude-sonnet-4-6';
    const hours = fc.array(fc.integer({ min: 0, max: 160 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(hours, (ktpm) => {
        const { reserved } = provisionedThroughputBreakEven({
          model,
          hours: ktpm.map((thousand) => ({ inputTokens: thousand * 60_000, outputTokens: 0 })),
        });
        const quarter = reserved?.options[1];
        const [rate, price] = [0.1782, 3.3e-6];
        const costOf = (reservation: number): number =>
          reservation * rate +
          ktpm.reduce((sum, load) => sum + Math.max(0, load - reservation) * 60_000 * price, 0) / ktpm.length;
        const cheapest = Math.min(...Array.from({ length: 62 }, (_, more) => costOf(100 + more)));
        expect(costOf(quarter!.inputKtpm)).toBeCloseTo(cheapest, 9);
      }),
      { numRuns: runs(60) },
    );
  });
});
