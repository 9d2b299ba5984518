import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptTiers } from '../src/evaluation/accept-tiers.js';
import { resolveBar } from '../src/evaluation/evaluation-bar.js';
import { lossInterval, lossP } from '../src/evaluation/loss-test.js';
import { lossesOf, meanOf, type PairedGrades } from '../src/evaluation/paired-grades.js';
import { exactLossP } from '../src/evaluation/statistics/exact-paired-test.js';
import { holmAdjusted } from '../src/evaluation/statistics/holm.js';
import { policyFrom } from '../src/evaluation.js';
import { parseRoutingPolicy } from '../src/index.js';
import { outcomesOf, reportOf } from './outcomes-fixture.js';

const FUZZ_RUNS = fc.readConfigureGlobal()?.numRuns;
const counts = fc
  .record({ cases: fc.integer({ min: 1, max: 120 }), losses: fc.nat(30), gains: fc.nat(30) })
  .filter(({ cases, losses, gains }) => losses + gains <= cases);
const maxLoss = fc.double({ min: 0.01, max: 0.4, noNaN: true });
const grade = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));

const pairOf = (grades: readonly (readonly [number, number])[]): PairedGrades => ({
  task: 'a',
  tier: 'cheap',
  baselineGrades: grades.map(([baseline]) => baseline),
  tierGrades: grades.map(([, tier]) => tier),
});
const pair = fc.array(fc.tuple(grade, grade), { minLength: 1, maxLength: 60 }).map(pairOf);

describe('exactLossP', () => {
  it('is a probability that falls with every gain and with the margin, and rises with every loss', () => {
    fc.assert(
      fc.property(counts, maxLoss, (seen, loss) => {
        const p = exactLossP(seen, loss);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        if (seen.losses + seen.gains === seen.cases) return;
        const slack = 1e-6;
        expect(exactLossP({ ...seen, losses: seen.losses + 1 }, loss)).toBeGreaterThanOrEqual(p - slack);
        expect(exactLossP({ ...seen, gains: seen.gains + 1 }, loss)).toBeLessThanOrEqual(p + slack);
      }),
      { numRuns: FUZZ_RUNS ?? 60 },
    );
  });
});

describe('lossInterval', () => {
  it('holds the loss that was seen, and rules out what the test rules out', () => {
    fc.assert(
      fc.property(pair, (one) => {
        const { low, high } = lossInterval(one, 0.95);
        const seen = meanOf(lossesOf(one));
        expect(low).toBeLessThanOrEqual(seen + 1e-6);
        expect(high).toBeGreaterThanOrEqual(seen - 1e-6);
        if (high < 0.98) expect(lossP(one, Math.max(0.01, high + 0.01))).toBeLessThanOrEqual(0.05 + 1e-6);
      }),
      { numRuns: FUZZ_RUNS ?? 15 },
    );
  });
});

describe('holmAdjusted', () => {
  it('keeps the order, and lies between the value and its multiple', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (values) => {
        const adjusted = holmAdjusted(values);
        for (const [index, value] of values.entries()) {
          expect(adjusted[index]).toBeGreaterThanOrEqual(value);
          expect(adjusted[index]).toBeLessThanOrEqual(
            Math.max(value, Math.min(1, value * values.length)) + 1,
          );
          for (const [other, otherValue] of values.entries())
            if (value < otherValue) expect(adjusted[index]).toBeLessThanOrEqual(adjusted[other] ?? 0);
        }
      }),
    );
  });
});

describe('acceptTiers', () => {
  it('accepts no more when there are more comparisons, and less when the bar is higher', () => {
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 4 }), maxLoss, (pairs, loss) => {
        const bar = resolveBar({ maxLoss: loss, minCases: 1 });
        const alone = acceptTiers(pairs.slice(0, 1), bar)[0]?.accepted;
        const among = acceptTiers(pairs, bar)[0]?.accepted;
        if (among) expect(alone).toBe(true);
        const surer = acceptTiers(pairs, resolveBar({ maxLoss: loss, minCases: 1, confidence: 0.99 }));
        for (const [index, { accepted }] of acceptTiers(pairs, bar).entries())
          if (surer[index]?.accepted) expect(accepted).toBe(true);
      }),
      { numRuns: FUZZ_RUNS ?? 40 },
    );
  });
});

describe('policyFrom', () => {
  it('writes what the router can read, and moves no task whose loss as seen is above the bar', () => {
    const doing = fc.record({
      wrongEvery: fc.integer({ min: 2, max: 60 }),
      usd: fc.integer({ min: 1, max: 100 }),
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(doing, doing, doing, fc.integer({ min: 1, max: 150 })), {
          minLength: 1,
          maxLength: 3,
        }),
        maxLoss,
        (tasks, loss) => {
          const at =
            ({ wrongEvery, usd }: { wrongEvery: number; usd: number }) =>
            (index: number) => ({
              score: Number(index % wrongEvery !== 0),
              usd: usd / 1_000,
            });
          const outcomes = tasks.flatMap(([small, middle, strong, cases], index) =>
            outcomesOf(`task ${index}`, cases, { small: at(small), middle: at(middle), strong: at(strong) }),
          );
          const policy = policyFrom(reportOf(outcomes), { maxLoss: loss });
          expect(parseRoutingPolicy(JSON.stringify(policy))).toEqual(policy);
          for (const { evidence } of Object.values(policy.tasks)) {
            expect((evidence?.baselineScore ?? 0) - (evidence?.score ?? 0)).toBeLessThan(loss);
            expect(evidence?.lossUpperBound).toBeLessThanOrEqual(loss + 1e-3);
            expect(evidence?.cases).toBeGreaterThanOrEqual(30);
          }
        },
      ),
      { numRuns: FUZZ_RUNS ?? 12 },
    );
  });
});
