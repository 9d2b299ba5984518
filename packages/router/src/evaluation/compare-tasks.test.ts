import { describe, expect, it } from 'vitest';
import { type Doing, outcomesOf, reportOf } from '../../tests/outcomes-fixture.js';
import { type ComparedOutcomes, compareTasks } from './compare-tasks.js';
import { describeComparison } from './describe-comparison.js';
import { type ResolvedBar, resolveBar } from './evaluation-bar.js';
import type { TierComparison } from './evaluation-report.js';
import type { Judgement } from './grader.js';

const at =
  (score: (index: number) => number, usd: number | null = 0.01): Doing =>
  (index) => ({ score: score(index), usd });
/** Comparisons as a report has them. */
const summarised = (outcomes: ComparedOutcomes, bar: ResolvedBar = resolveBar()): TierComparison[] =>
  compareTasks(outcomes, bar).map(({ pair, comparison }, _, { length }) =>
    describeComparison(pair, comparison, bar, length),
  );
const compare = (cases: number, small: Doing, strong: Doing = at(() => 1, 0.1)): TierComparison => {
  const outcomes = outcomesOf('faq', cases, { small, strong });
  const { tiers, baseline } = reportOf([]);
  const two = tiers.filter(({ name }) => name !== 'middle');
  return summarised({ tiers: two, baseline, outcomes })[0] as TierComparison;
};

describe('compareTasks', () => {
  it.each([
    [
      'holds',
      100,
      () => 1,
      /^Holds: loses nothing on 100 cases, at most 3\.0 at 95 %; 5\.0 are allowed\. It saves 90\.0 %\.$/,
    ],
    [
      'loses',
      100,
      (index: number) => Number(index % 4 !== 0),
      /^Does not hold: loses 25\.0 points on 100 cases, at least 1\d\.\d at 95 %/,
    ],
    [
      'undecided',
      20,
      () => 1,
      /^Not enough cases: loses nothing on 20, and 13\.9 are not ruled out; need about \d+\./,
    ],
    ['undecided', 20, (index: number) => Number(index !== 3), /^Not enough cases: loses 5\.0 points/],
  ] as const)('finds what %s with %d cases', (verdict, cases, score, summary) => {
    const comparison = compare(cases, at(score));
    expect(comparison.verdict).toBe(verdict);
    expect(comparison.summary).toMatch(summary);
    expect(comparison.casesNeeded === undefined).toBe(verdict !== 'undecided');
    expect(comparison.casesNeeded ?? cases + 1).toBeGreaterThan(cases);
  });

  it.each([
    ['takes whatever stands first', 100, 'tier', 'judge', 'undecided'],
    ['tells answers apart, and is undone by the order now and then', 12, 'tier', undefined, 'holds'],
    ['finds equally good answers now this, now that way', 50, 'tier', undefined, 'holds'],
    ['finds a tie wherever the order might decide', 100, 'tie', undefined, 'holds'],
  ] as const)('asks whether a judge that %s can tell', (_, byOrder, other, nothingToTell, verdict) => {
    const cases = 400;
    // Of a hundred cases, so many are decided by the order; of the rest the tier wins every second.
    const judged = (index: number): Judgement => {
      if (index % 100 < byOrder)
        return { tierFirst: other, baselineFirst: other === 'tie' ? 'tie' : 'baseline' };
      const winner = index % 2 === 0 ? 'tier' : 'baseline';
      return { tierFirst: winner, baselineFirst: winner };
    };
    const points = { tier: 1, tie: 0.5, baseline: 0, unreadable: 0 };
    const scoreOf = ({ tierFirst, baselineFirst }: Judgement): number =>
      (points[tierFirst] + points[baselineFirst]) / 2;
    const outcomes = outcomesOf('faq', cases, {
      small: at((index) => scoreOf(judged(index))),
      strong: at(() => 0.5, 0.1),
    }).map((one, index) => (one.tier === 'small' ? { ...one, judgement: judged(index % cases) } : one));
    const { tiers, baseline } = reportOf([]);
    const two = tiers.filter(({ name }) => name !== 'middle');
    const [comparison] = summarised({ tiers: two, baseline, outcomes }, resolveBar({ maxLoss: 0.1 }));
    expect(comparison).toMatchObject({ verdict, ...(nothingToTell && { nothingToTell, powerIfEqual: 0 }) });
    expect(comparison?.nothingToTell).toBe(nothingToTell);
    expect(comparison?.summary).toMatch(
      nothingToTell === 'judge'
        ? /^Nothing to tell: on 400 of 400 cases the judge preferred whatever stood first, or second, and on 0 the same/
        : /^Holds: /,
    );
  });

  it.each([
    ['never right', () => 0],
    ['right once in a hundred', (index: number) => Number(index % 100 === 0)],
  ])('accepts nothing beside a baseline that is %s: nothing can be lost', (_, score) => {
    const comparison = compare(200, at(score), at(score, 0.1));
    expect(comparison).toMatchObject({ verdict: 'undecided', loss: 0, powerIfEqual: 0 });
    expect(comparison).not.toHaveProperty('casesNeeded');
    expect(comparison.summary).toMatch(
      /^Nothing to tell: the baseline itself gets [01]\.0 % on 200 cases, .* Look at the cases and the grader\./,
    );
  });

  it('says why a loss that is ruled out alone is not enough', () => {
    const outcomes = ['a', 'b', 'c'].flatMap((task) =>
      outcomesOf(task, task === 'a' ? 62 : 20, { small: at(() => 1), strong: at(() => 1) }),
    );
    const tiers = [{ name: 'small' }, { name: 'strong' }];
    const summaries = (maxLoss: number): string[] =>
      summarised({ tiers, baseline: 'strong', outcomes }, resolveBar({ maxLoss })).map(
        ({ summary }) => summary,
      );
    expect(summaries(0.05)[0]).toMatch(
      /^Not enough cases: loses nothing on 62, at most 4\.7 at 95 %, which alone would hold but not among 3 comparisons; need about \d+/,
    );
    const [, few] = compareTasks({ tiers, baseline: 'strong', outcomes }, resolveBar({ maxLoss: 0.3 }));
    expect(few?.comparison.powerIfEqual).toBe(0);
    expect(summaries(0.3)[1]).toMatch(/at most 13\.9 at 95 %, but the bar asks for 30 cases; need about 30/);
  });

  it('leaves out cases on which the call of the baseline has failed', () => {
    const outcomes = outcomesOf('faq', 100, {
      small: at((index) => Number(index % 10 !== 0)),
      strong: at(() => 1),
    }).map((one) =>
      one.tier === 'strong' && Number(one.id.split('-')[1]) % 5 === 1
        ? { ...one, score: 0, failure: 'error' as const }
        : one,
    );
    const tiers = [{ name: 'small' }, { name: 'strong' }];
    const [compared] = compareTasks({ tiers, baseline: 'strong', outcomes }, resolveBar());
    expect(compared?.comparison.savedUsdPerCall).toBe(0);
    expect(compared?.pair.tierGrades).toHaveLength(80);
    expect(compared?.comparison.loss).toBe(0.125);
    const [described] = summarised({ tiers, baseline: 'strong', outcomes });
    expect(described?.discordant).toEqual({ losses: 10, gains: 0 });
  });

  it('compares grades in between, and a tier that is better', () => {
    const better = compare(
      150,
      at((index) => 0.7 + 0.001 * (index % 50)),
      at((index) => 0.6 + 0.001 * (index % 40), 0.1),
    );
    expect(better).toMatchObject({ verdict: 'holds' });
    expect(better.discordant).toBeUndefined();
    expect(better.loss).toBeLessThan(-0.09);
    expect(better.lossUpperBound).toBeLessThan(0);
    expect(better.differenceP).toBeLessThan(0.001);
    expect(better.summary).toMatch(/gains 10\.\d points/);
  });

  it('pairs only what both have answered, and never takes an unknown price for a saving', () => {
    const { tiers, baseline } = reportOf([]);
    const outcomes = [
      ...outcomesOf('faq', 60, { small: at(() => 1, null) }),
      ...outcomesOf('faq', 100, { strong: at(() => 1, 0.1) }),
    ];
    const [small, middle] = compareTasks({ tiers, baseline, outcomes }, resolveBar());
    expect(small?.pair.tierGrades).toHaveLength(60);
    expect(small?.comparison).toMatchObject({ savedShare: null, savedUsdPerCall: null });
    expect(summarised({ tiers, baseline, outcomes })[0]?.summary).toContain('Its cost is unknown.');
    expect(middle?.pair.tierGrades).toHaveLength(0);
    expect(middle?.comparison).toMatchObject({ verdict: 'undecided', p: 1 });
  });
});
