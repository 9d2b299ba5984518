import { Money } from '@costkit/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { medianOf } from '../src/alerts/median.js';
import { robustScale } from '../src/alerts/robust-scale.js';
import { HOURS_OF_WEEK, seasonalBaseline } from '../src/alerts/seasonal-baseline.js';
import { type Alert, callbackChannel, createAlerts } from '../src/alerts.js';
import { aReceipt } from './a-receipt.js';
import { START_MS } from './synthetic-weeks.js';

const figure = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const hundredths = fc.integer({ min: -10_000, max: 10_000 }).map((count) => count / 100);
const HOUR_MS = 3_600_000;

describe('medianOf', () => {
  it('has as many values below as above', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
        (values) => {
          const median = medianOf(Float32Array.from(values));
          const below = values.filter((value) => value < median).length;
          const above = values.filter((value) => value > median).length;
          expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
        },
      ),
    );
  });
});

describe('robustScale', () => {
  it('is not moved far by one value, however wild', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 100, maxLength: 300 }),
        fc.double({ min: 0, max: 1e12, noNaN: true }),
        (usual, wild) => {
          const scale = robustScale(200);
          for (const deviation of usual) scale.add(deviation);
          const before = scale.sigma;
          scale.add(wild);
          expect(scale.sigma / before).toBeGreaterThan(0.98);
          expect(scale.sigma / before).toBeLessThan(1.04);
        },
      ),
    );
  });
});

describe('seasonalBaseline', () => {
  it('expects nothing beyond what it has seen', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(HOURS_OF_WEEK - 1), figure), { minLength: 1, maxLength: 400 }),
        fc.nat(HOURS_OF_WEEK - 1),
        (hours, asked) => {
          const baseline = seasonalBaseline();
          for (const [hour, value] of hours) baseline.learn(hour, value);
          const seen = hours.map(([, value]) => Math.fround(value));
          const slack = 1e-3 * Math.max(1, ...seen.map(Math.abs));
          expect(baseline.expect(asked)).toBeGreaterThanOrEqual(Math.min(...seen) - slack);
          expect(baseline.expect(asked)).toBeLessThanOrEqual(Math.max(...seen) + slack);
        },
      ),
    );
  });

  it('moves with the figure: shifted values shift what is expected', () => {
    fc.assert(
      fc.property(
        // Hundredths: what a shift swallows of a smaller figure would be no figure any more.
        fc.array(fc.tuple(fc.nat(23), hundredths), { minLength: 2, maxLength: 200 }),
        fc.integer({ min: -1_000, max: 1_000 }),
        (hours, shift) => {
          const plain = seasonalBaseline();
          const shifted = seasonalBaseline();
          for (const [hour, value] of hours) {
            plain.learn(hour, value);
            shifted.learn(hour, value + shift);
          }
          expect((shifted.expect(5) ?? 0) - shift).toBeCloseTo(plain.expect(5) ?? 0, 1);
        },
      ),
    );
  });
});

describe('createAlerts', () => {
  const someReceipt = fc.record({
    afterMs: fc.integer({ min: -HOUR_MS, max: 9 * 24 * HOUR_MS }),
    usd: fc.option(fc.integer({ min: 0, max: 1_000 }), { nil: undefined }),
    input: fc.nat(1e6),
    cacheRead: fc.nat(1e6),
    feature: fc.constantFrom('a', 'b', 'c'),
  });

  it('whatever comes, throws nothing, and tells the same when it is replayed', () => {
    fc.assert(
      fc.property(fc.array(someReceipt, { maxLength: 300 }), (entries) => {
        const replay = (): Alert[] => {
          const told: Alert[] = [];
          const alerts = createAlerts({
            per: 'feature',
            thresholds: [{ name: 'dear', metric: 'spendUsd', above: 500 }],
            channels: [callbackChannel((alert) => void told.push(alert))],
          });
          let atMs = START_MS;
          for (const { afterMs, usd, input, cacheRead, feature } of entries) {
            atMs += afterMs;
            alerts.write(
              aReceipt({
                startedAt: new Date(atMs),
                cost: usd === undefined ? undefined : Money.fromUsd(usd),
                usage: { ...aReceipt().usage, input, cacheRead },
                tags: { feature },
              }),
            );
          }
          return told;
        };
        const told = replay();
        expect(replay()).toEqual(told);
        for (const alert of told) if (alert.kind !== 'threshold') expect(alert).toHaveProperty('spentUsd');
      }),
      { numRuns: Number(process.env['COSTKIT_FUZZ_RUNS'] ?? 30) },
    );
  });

  it('tells a threshold at most once an hour of quiet, whatever the traffic', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 2 * HOUR_MS }), { maxLength: 200 }), (gaps) => {
        const told: number[] = [];
        const alerts = createAlerts({
          anomalies: false,
          thresholds: [{ name: 'any', metric: 'calls', above: 0 }],
          channels: [
            callbackChannel((alert) => void (alert.kind === 'threshold' && told.push(alert.at.getTime()))),
          ],
        });
        let atMs = START_MS;
        let expected = 0;
        let toldAtMs = Number.NEGATIVE_INFINITY;
        for (const [index, gap] of gaps.entries()) {
          atMs += gap;
          alerts.write(aReceipt({ startedAt: new Date(atMs), latencyMs: 0 }));
          if (index === 0 || gap >= HOUR_MS || atMs - toldAtMs >= 24 * HOUR_MS) {
            expected += 1;
            toldAtMs = atMs;
          }
        }
        expect(told).toHaveLength(expected);
      }),
    );
  });
});
