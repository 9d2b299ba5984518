import { Money } from '@costkit/pricing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billAfter } from '../src/bill-after.js';
import { estimateWorkload } from '../src/estimate-workload.js';
import { LEVERS, type LeverName } from '../src/levers.js';
import { rankLevers } from '../src/rank-levers.js';
import type { Move } from '../src/task-cost.js';
import { taskCost } from '../src/task-cost.js';
import type { Workload } from '../src/workload.js';
import { runs } from './runs.js';
import { workloads } from './workload-arbitrary.js';

const names = LEVERS.map(({ lever }) => lever).filter((lever) => lever !== 'credits');
const leverSets = fc.subarray(names).map((some) => new Set<LeverName>(some));
/** Shares are doubles: the fifteenth digit of a total may differ. */
const RELATIVE_ROUNDING = 1e-14;

describe('rankLevers', () => {
  it('adds up: what each lever adds is the whole saving, and the waterfall goes from today to after', () => {
    fc.assert(
      fc.property(workloads, (workload) => {
        const { levers, saved, today, after, waterfall, overlap } = rankLevers(workload);
        const added = Money.sum(levers.flatMap((lever) => (lever.added === undefined ? [] : [lever.added])));
        expect(added.equals(saved)).toBe(true);
        expect(waterfall[0]?.before.equals(today)).toBe(true);
        expect(waterfall.at(-1)?.after.equals(after)).toBe(true);
        for (const [index, step] of waterfall.entries()) {
          expect(step.before.minus(step.saved).equals(step.after)).toBe(true);
          expect((waterfall[index + 1]?.before ?? step.after).equals(step.after)).toBe(true);
        }
        const alone = Money.sum(levers.flatMap((lever) => (lever.alone === undefined ? [] : [lever.alone])));
        expect(alone.minus(saved).equals(overlap)).toBe(true);
      }),
      { numRuns: runs(20) },
    );
  });

  it('never costs more with more levers', () => {
    fc.assert(
      fc.property(workloads, leverSets, fc.constantFrom(...names), (workload, some, another) => {
        const bill = billAfter(workload, 'expected');
        expect(bill(new Set([...some, another])).total.compare(bill(some).total)).not.toBe(1);
      }),
      { numRuns: runs(30) },
    );
  });

  it('finds the best combination of moves: no other one is cheaper', () => {
    const oneTask = workloads.map(({ tasks: [task] }): Workload => ({ tasks: [task!] }));
    fc.assert(
      fc.property(oneTask, fc.nat(), (workload, seed) => {
        const [task] = workload.tasks;
        const moves = Object.keys(task?.levers ?? {}) as Move[];
        const some = new Set(moves.filter((_, index) => ((seed >> index) & 1) === 1));
        const { cost } = taskCost(task!, some, 'expected', {});
        if (cost === undefined || estimateWorkload(workload).missing.length > 0) return;
        expect(rankLevers(workload).after.compare(cost)).not.toBe(1);
      }),
      { numRuns: runs(30) },
    );
  });

  it('keeps intervals around what it expects', () => {
    fc.assert(
      fc.property(workloads, fc.integer({ min: 0, max: 30 }), (workload, spread) => {
        const [task] = workload.tasks;
        const expected = 0.4;
        const savedShare = { low: expected - spread / 100, expected, high: expected + spread / 100 };
        const { levers } = rankLevers({ tasks: [{ ...task!, levers: { outputLimits: { savedShare } } }] });
        const lever = levers.find((one) => one.lever === 'outputLimits');
        expect(lever?.interval?.low.compare(lever.alone!)).not.toBe(1);
        expect(lever?.interval?.high.compare(lever.alone!)).not.toBe(-1);
      }),
      { numRuns: runs(20) },
    );
  });
});

describe('estimateWorkload', () => {
  it('is the sum of its tasks, services and parts', () => {
    fc.assert(
      fc.property(workloads, (workload) => {
        const { total, tasks, services } = estimateWorkload(workload);
        const known = tasks.flatMap(({ cost }) => (cost === undefined ? [] : [cost]));
        expect(Money.sum([...known, ...services.map(({ cost }) => cost)]).equals(total)).toBe(true);
        for (const { cost, parts } of tasks) {
          if (cost === undefined) continue;
          expect(Money.sum(parts.map((part) => part.cost!)).equals(cost)).toBe(true);
        }
      }),
      { numRuns: runs(30) },
    );
  });

  it('scales: twice the requests cost twice as much', () => {
    fc.assert(
      fc.property(workloads, fc.integer({ min: 2, max: 9 }), ({ tasks }, factor) => {
        const more = tasks.map((task) => ({ ...task, requestsPerMonth: task.requestsPerMonth * factor }));
        const [once, often] = [estimateWorkload({ tasks }).total, estimateWorkload({ tasks: more }).total];
        const difference = Math.abs(often.minus(once.times(factor)).usd);
        expect(difference).toBeLessThanOrEqual(often.usd * RELATIVE_ROUNDING + 1e-9);
      }),
      { numRuns: runs(30) },
    );
  });

  it('never costs less with more tokens', () => {
    fc.assert(
      fc.property(workloads, fc.nat(10_000), ({ tasks }, tokens) => {
        const longer = tasks.map((task) => ({ ...task, outputTokens: task.outputTokens + tokens }));
        const [before, after] = [estimateWorkload({ tasks }), estimateWorkload({ tasks: longer })];
        if (before.complete && after.complete) expect(after.total.compare(before.total)).not.toBe(-1);
      }),
      { numRuns: runs(30) },
    );
  });
});
