import type { CatalogueModel } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import type { DemoResult } from './demo-block.js';
import { renderPlaybook } from './playbook.js';

const demo: DemoResult = {
  baselineUsd: 10,
  finalUsd: 0.9,
  savedPercent: 91,
  steps: [
    { name: 'naive', usd: 10, savedPercent: 0, monthUsd: 9000 },
    { name: 'routing', usd: 2, savedPercent: 80, monthUsd: 1800 },
    { name: 'prompt caching', usd: 1.5, savedPercent: 85, monthUsd: 1350 },
    { name: 'output limits', usd: 1.2, savedPercent: 88, monthUsd: 1080 },
    { name: 'batch', usd: 0.9, savedPercent: 91, monthUsd: 810 },
  ],
  quality: { baseline: 170, final: 171, questions: 200, bulk: { baseline: 290, final: 291 } },
  receiptsMatchBill: true,
  assumptions: { brevityShareKept: 0.75, brevitySource: 'a hold-out', accuracySource: 'recordings' },
  sensitivity: [
    { assumption: 'the cache is cold', baselineUsd: 10, finalUsd: 1, savedPercent: 90, rightAnswers: 171 },
  ],
};

function model(id: string, input: number, more: Partial<CatalogueModel> = {}): CatalogueModel {
  const row = { scope: 'global', source: 'list', certainty: 'documented' } as const;
  return {
    id,
    kind: 'text',
    lifecycle: {},
    prices: [
      { ...row, tier: 'standard', rates: { input, output: input * 4, cacheRead: input / 10 } },
      { ...row, tier: 'batch', rates: { input: input / 2, output: input * 2 } },
    ],
    ...more,
  } as CatalogueModel;
}

const models = [
  model('small', 100),
  model('large', 6_000),
  model('withdrawn', 90_000, { lifecycle: { endOfLife: '2026-01-01' } }),
  model('spoken', 90_000, { kind: 'speech' }),
];
const row = (claim: string): string =>
  renderPlaybook({ demo, models, pricesAsOf: '2026-11-22' })
    .split('\n')
    .find((line) => line.startsWith(`| ${claim}`)) ?? '';

describe('renderPlaybook', () => {
  it('computes from the text models that are still sold', () => {
    expect(row('Output tokens')).toContain('median 4.0×');
    expect(row('Output tokens')).toContain('2 of 2 models lie within 3 to 5');
    expect(row('Rates of models')).toContain('60× between dearest and cheapest');
    expect(row('Batch')).toContain('2 of 2 models with a batch price take exactly half');
    expect(row('Caching')).toContain('costs 90 % less (median of 2 models');
  });

  it('compares each step of the demo with the one before', () => {
    expect(row('Routing')).toContain('5.0× on');
    expect(row('Caching')).toContain('saved 25 %');
    expect(row('Limiting output')).toContain("20 % of the demo's bill, with answers 25 % shorter");
    expect(row('Batch')).toContain('saved 25 %');
    expect(row('A bill of')).toContain(
      '$9,000 becomes $810 (−91.0 %), right answers 170 before and 171 after',
    );
  });

  it('shows the totals under other assumptions', () => {
    expect(row('the cache is cold')).toBe('| the cache is cold | $10.00 | $1.00 | 90.0 % | 171 |');
  });

  it('refuses a demo without the steps that the claims are about', () => {
    expect(() => renderPlaybook({ demo: { ...demo, steps: [] }, models, pricesAsOf: '2026-11-22' })).toThrow(
      'routing',
    );
  });
});
