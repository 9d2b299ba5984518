import type { Money } from '@costkit/core';
import { resolveModel } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { casesOf } from '../../tests/evaluation-fixture.js';
import type { Cell } from './evaluation-plan.js';
import { batchedModels, type CellForecast, type ForecastSettings, forecastCell } from './forecast.js';
import { exactGrader } from './text-graders.js';

const NOVA = 'us.amazon.nova-pro-v1:0';
const CLAUDE = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';

const cellOf = (modelId: string, more: object = {}): Cell => {
  const [one] = casesOf('sort', 1, 4_000);
  return {
    evaluationCase: { ...one, request: { ...one?.request, ...more } } as Cell['evaluationCase'],
    tier: { name: 'one', modelId, resolved: resolveModel(modelId) } as Cell['tier'],
    isBaseline: false,
    grader: exactGrader(),
    key: '',
    grading: '',
  };
};
const forecast = (cell: Cell, more: Partial<ForecastSettings> = {}): CellForecast =>
  forecastCell(cell, {
    region: 'us-east-1',
    at: new Date('2026-11-20'),
    batch: () => false,
    priceOverrides: [],
    meanOutput: () => undefined,
    ...more,
  });
const usd = (amount: Money | undefined): number => amount?.usd ?? Number.NaN;

describe('forecastCell', () => {
  it('counts the service tier that a request asks for, and that a standard one may serve it', () => {
    const standard = forecast(cellOf(NOVA));
    const priority = forecast(cellOf(NOVA, { serviceTier: { type: 'priority' } }));
    const flex = forecast(cellOf(NOVA, { serviceTier: { type: 'flex' } }));
    expect(usd(priority.expected) / usd(standard.expected)).toBeCloseTo(1.75, 1);
    expect(usd(priority.highest) / usd(standard.highest)).toBeCloseTo(1.75, 1);
    expect(usd(flex.expected) / usd(standard.expected)).toBeCloseTo(0.5, 1);
    expect(flex.highest).toEqual(standard.highest);
  });

  it('counts what a request lets a model think, until earlier answers say more', () => {
    const thinking = { thinking: { type: 'enabled', budget_tokens: 2_000 } };
    const cell = cellOf(CLAUDE, { additionalModelRequestFields: thinking });
    expect(usd(forecast(cell).expected)).toBeGreaterThan(5 * usd(forecast(cellOf(CLAUDE)).expected));
    expect(usd(forecast(cell).expected)).toBeLessThan(usd(forecast(cell).highest));
    const known = { meanOutput: () => 50 };
    expect(forecast(cell, known).expected).toEqual(forecast(cellOf(CLAUDE), known).expected);
  });

  it('bounds what a guardrail charges, which the request does not say', () => {
    const guardrailConfig = { guardrailIdentifier: 'abcdefghijkl', guardrailVersion: '1' };
    const [bare, guarded] = [forecast(cellOf(NOVA)), forecast(cellOf(NOVA, { guardrailConfig }))];
    expect(guarded.expected).toEqual(bare.expected);
    // One unit of the prompt and forty of 4,000 tokens, for all policies $0.0005 a unit.
    expect(usd(guarded.highest) - usd(bare.highest)).toBeCloseTo(41 * 0.0005, 10);
  });

  it('counts the schema that an answer must follow', () => {
    const schema = JSON.stringify({ type: 'object', description: 'word '.repeat(500) });
    const outputConfig = { textFormat: { type: 'json_schema', structure: { jsonSchema: { schema } } } };
    const known = { meanOutput: () => 1 };
    const [bare, following] = [cellOf(CLAUDE), cellOf(CLAUDE, { outputConfig })];
    expect(usd(forecast(following, known).expected)).toBeGreaterThan(5 * usd(forecast(bare, known).expected));
    expect(usd(forecast(following).highest)).toBeGreaterThan(usd(forecast(bare).highest));
  });
});

describe('batchedModels', () => {
  it('takes a hundred answers of a model for a job, and fewer for calls on demand', () => {
    const cells = (modelId: string, count: number): Cell[] =>
      Array.from({ length: count }, () => cellOf(modelId));
    const isBatched = batchedModels([...cells(NOVA, 100), ...cells(CLAUDE, 99)]);
    expect([NOVA, CLAUDE, 'other'].map(isBatched)).toEqual([true, false, false]);
    const half = forecast(cellOf(NOVA), { batch: isBatched });
    const whole = forecast(cellOf(NOVA));
    expect(half.expected?.times(2)).toEqual(whole.expected);
    expect(half.highest).toEqual(whole.highest);
  });
});
