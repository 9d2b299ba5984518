import { describe, expect, it } from 'vitest';
import { type Doing, outcomesOf, reportOf } from '../../tests/outcomes-fixture.js';
import { parseRoutingPolicy } from '../routing-policy.js';
import { policyFrom } from './policy-from.js';

const right =
  (usd: number | null): Doing =>
  () => ({ score: 1, usd });
const wrongEvery =
  (nth: number, usd: number): Doing =>
  (index) => ({ score: index % nth === 0 ? 0 : 1, usd });

const REPORT = reportOf([
  ...outcomesOf('faq', 180, { small: right(0.001), middle: right(0.004), strong: right(0.02) }),
  ...outcomesOf('letters', 180, { small: wrongEvery(4, 0.001), middle: right(0.004), strong: right(0.02) }),
  ...outcomesOf('contracts', 180, {
    small: wrongEvery(3, 0.001),
    middle: wrongEvery(6, 0.004),
    strong: right(0.02),
  }),
  ...outcomesOf('rare', 20, { small: right(0.001), middle: right(0.004), strong: right(0.02) }),
  ...outcomesOf('dear', 180, { small: right(0.03), middle: right(null), strong: right(0.02) }),
]);

describe('policyFrom', () => {
  it('sends each task to the cheapest tier that holds, and says why the others stay', () => {
    const policy = policyFrom(REPORT);
    expect(Object.fromEntries(Object.entries(policy.tasks).map(([task, { tier }]) => [task, tier]))).toEqual({
      faq: 'small',
      letters: 'middle',
    });
    expect(policy.default).toBeUndefined();
    expect(policy.provenance?.['stays']).toBe(
      'contracts (small: loses too much, middle: loses too much); dear (small: saves nothing, middle: its cost is unknown); rare (small: not enough cases, middle: not enough cases)',
    );
    expect(policy.tasks['faq']?.evidence).toEqual({
      model: 'acme.small',
      baselineModel: 'acme.strong',
      evaluatedAt: '2026-11-28',
      cases: 180,
      score: 1,
      baselineScore: 1,
      lossUpperBound: 0.0166,
      confidence: 0.95,
      tokenRatio: 1,
    });
  });

  it('is a policy, small, and the same every time', () => {
    const policy = policyFrom(REPORT);
    expect(parseRoutingPolicy(JSON.stringify(policy))).toEqual(policy);
    expect(policyFrom(JSON.parse(JSON.stringify(REPORT)))).toEqual(policy);
    expect(JSON.stringify(policy, null, 2).split('\n').length).toBeLessThan(60);
  });

  it('has dates, and where it comes from', () => {
    const { createdAt, expiresAt, provenance } = policyFrom(REPORT, {
      expiresInDays: 30,
      maxLoss: 0.06,
      tasks: { faq: { maxLoss: 0.08 } },
    });
    expect([createdAt, expiresAt]).toEqual(['2026-11-28', '2026-12-28']);
    expect(provenance).toMatchObject({
      tool: '@costkit/router 0.1.0',
      cases: '740 cases, abc',
      graders: 'exact',
      bar: 'loses less than 6 points, faq 8, at 95 % over all tasks and tiers (Holm), on 30 cases or more',
    });
  });

  it('takes the bar of the report, or another one', () => {
    expect(Object.keys(policyFrom(REPORT, { maxLoss: 0.01 }).tasks)).toEqual([]);
    const strict = { ...REPORT, bar: { ...REPORT.bar, maxLoss: 0.01 } };
    expect(Object.keys(policyFrom(strict).tasks)).toEqual([]);
    expect(Object.keys(policyFrom(strict, { maxLoss: 0.05 }).tasks)).toEqual(['faq', 'letters']);
    expect(policyFrom(REPORT, { minCases: 20, maxLoss: 0.3 }).tasks['rare']?.tier).toBe('small');
  });

  it('names tasks as they are called, and says where the baseline is hardly ever right', () => {
    const wrong: Doing = () => ({ score: 0, usd: 0.001 });
    const policy = policyFrom(
      reportOf([
        ...outcomesOf('__proto__', 180, { small: right(0.001), middle: wrong, strong: right(0.02) }),
        ...outcomesOf('broken', 180, { small: wrong, middle: wrong, strong: wrong }),
      ]),
    );
    expect(Object.keys(policy.tasks)).toEqual(['__proto__']);
    expect(policy.provenance?.['stays']).toBe(
      'broken (small: the baseline is hardly ever right, middle: the baseline is hardly ever right)',
    );
  });

  it.each([
    [{ maxLoss: 0 }, /bar.maxLoss/],
    [{ maxLoss: 1 }, /bar.maxLoss/],
    [{ confidence: 1 }, /bar.confidence/],
    [{ minCases: 0.5 }, /bar.minCases/],
    [{ tasks: { faq: { maxLoss: 2 } } }, /bar.tasks.faq.maxLoss/],
    [{ tasks: { fqa: {} } }, /bar.tasks.fqa.*known are/],
    [{ max: 1 } as never, /"bar.max" is unknown/],
  ])('refuses the bar %j', (bar, message) => {
    expect(() => policyFrom(REPORT, bar)).toThrow(message);
  });

  it.each([
    [undefined],
    [{}],
    [{ ...REPORT, version: 2 }],
    [{ ...REPORT, baseline: 'best' }],
    [{ ...REPORT, evaluatedAt: 'today' }],
  ])('refuses what is no report', (report) => {
    expect(() => policyFrom(report as never)).toThrow(/no report of evaluateTiers/);
  });
});
