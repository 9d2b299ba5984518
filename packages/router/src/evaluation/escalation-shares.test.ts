import { describe, expect, it } from 'vitest';
import { reportOf } from '../../tests/outcomes-fixture.js';
import { escalationShares } from './escalation-shares.js';
import type { TaskReport, TierResult } from './evaluation-report.js';

const resultOf = (tier: string, score: number, cases = 100): TierResult =>
  ({ tier, score, cases }) as TierResult;
const taskOf = (task: string, ...tiers: readonly TierResult[]): TaskReport => ({ task, tiers }) as TaskReport;

describe('escalationShares', () => {
  it('is what a check would refuse that is never wrong, task by task', () => {
    const report = {
      ...reportOf([]),
      tasks: [
        taskOf('faq', resultOf('small', 0.75), resultOf('strong', 1)),
        taskOf('sums', resultOf('small', 0, 0)),
        taskOf('__proto__', resultOf('small', 0.5)),
        taskOf('poems', resultOf('strong', 0.5)),
      ],
    };
    expect(Object.entries(escalationShares(report, 'small'))).toEqual([
      ['faq', 0.25],
      ['__proto__', 0.5],
    ]);
  });

  it('refuses a tier that the report does not have', () => {
    expect(() => escalationShares(reportOf([]), 'huge')).toThrow(/known are small, middle, strong/);
  });
});
