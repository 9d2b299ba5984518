import { describe, expect, it } from 'vitest';
import { casesOf } from '../../tests/evaluation-fixture.js';
import { reportOf } from '../../tests/outcomes-fixture.js';
import type { CaseOutcome } from './evaluation-report.js';
import { routerRecords } from './router-records.js';

const TIERS = { cheap: 'small', strong: 'strong' };
const cell = (id: string, tier: string, score: number, more: Partial<CaseOutcome> = {}): CaseOutcome => ({
  id,
  task: 'sums',
  tier,
  score,
  usd: 0.01,
  usdOnBaseline: null,
  paidUsd: null,
  latencyMs: null,
  inputTokens: 1,
  outputTokens: 1,
  ...more,
});
const CASES = casesOf('sums', 3);

describe('routerRecords', () => {
  it('joins the grades of all tiers to the prompt that a router reads', () => {
    const conversation = {
      id: 'sums-0',
      task: 'sums',
      request: {
        messages: [
          { role: 'user', content: [{ text: 'Hello.' }] },
          { role: 'assistant', content: [{ text: 'Hello!' }] },
          { role: 'user', content: [{ text: 'What is' }, { image: {} }, { text: '1 + 1?' }] },
        ],
      },
    };
    const report = reportOf([
      cell('sums-0', 'small', 0),
      cell('sums-0', 'middle', 0.5, { usd: null }),
      cell('sums-0', 'strong', 1, { usd: 0.2 }),
    ]);
    expect(routerRecords(report, [conversation, ...CASES.slice(1)], TIERS)).toEqual([
      {
        prompt: 'What is\n1 + 1?',
        task: 'sums',
        outcomes: { small: { score: 0, usd: 0.01 }, middle: { score: 0.5 }, strong: { score: 1, usd: 0.2 } },
      },
    ]);
  });

  it('leaves out calls that failed with an error, and cases that lack either tier', () => {
    const report = reportOf([
      cell('sums-0', 'small', 1),
      cell('sums-0', 'middle', 0, { failure: 'error', error: 'ThrottlingException' }),
      cell('sums-0', 'strong', 1),
      cell('sums-1', 'small', 0, { failure: 'error', error: 'ThrottlingException' }),
      cell('sums-1', 'strong', 1),
      cell('sums-2', 'small', 0, { failure: 'refused' }),
      cell('sums-2', 'strong', 1),
    ]);
    const records = routerRecords(report, CASES, TIERS);
    expect(records.map(({ outcomes }) => Object.keys(outcomes))).toEqual([
      ['small', 'strong'],
      ['small', 'strong'],
    ]);
    expect(records.map(({ outcomes }) => outcomes['small']?.score)).toEqual([1, 0]);
  });

  it.each([
    ['a tier that the report lacks', CASES, { cheap: 'tiny', strong: 'strong' }, 'cheap'],
    ['no tiers', CASES, undefined, 'cheap'],
    ['cases that are no list', {}, TIERS, 'cases'],
    ['a case that is missing', CASES.slice(1), TIERS, 'cases'],
  ])('refuses %s', (_, cases, tiers, option) => {
    const report = reportOf([cell('sums-0', 'small', 1), cell('sums-0', 'strong', 1)]);
    expect(() => routerRecords(report, cases as typeof CASES, tiers as typeof TIERS)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION', option }),
    );
  });
});
