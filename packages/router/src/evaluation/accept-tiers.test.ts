import { describe, expect, it } from 'vitest';
import { acceptTiers } from './accept-tiers.js';
import { resolveBar } from './evaluation-bar.js';
import type { PairedGrades } from './paired-grades.js';
import { seededRandom } from './seeded-random.js';

type Draw = (random: () => number) => readonly [baseline: number, tier: number];

const pairOf = (
  task: string,
  tier: string,
  cases: number,
  draw: Draw,
  random: () => number,
): PairedGrades => {
  const drawn = Array.from({ length: cases }, () => draw(random));
  return {
    task,
    tier,
    baselineGrades: drawn.map(([grade]) => grade),
    tierGrades: drawn.map(([, grade]) => grade),
  };
};

const LOSS = 0.05;

/** Right and wrong answers: the tier loses `LOSS` more often than it gains. */
const rightOrWrong =
  (gainShare: number): Draw =>
  (random) => {
    const at = random();
    if (at < gainShare) return [0, 1];
    if (at < 2 * gainShare + LOSS) return [1, 0];
    return random() < 0.8 ? [1, 1] : [0, 0];
  };

/** Grades in between, to twentieths: every case loses a little, or a few lose much. */
const graded =
  (spread: number): Draw =>
  (random) => {
    const baseline = 0.5 + Math.round(10 * (random() - 0.5) * 0.5) / 20;
    const steps = Math.round(20 * spread * (random() - 0.5));
    return [baseline, baseline - LOSS - steps / 20];
  };
const rareAndLarge: Draw = (random) => (random() < LOSS / 0.75 ? [1, 0.25] : [0.9, 0.9]);

/** Shares of 1,000 simulated evaluations in which at least one tier was accepted. */
function shareAccepted(draws: readonly Draw[], cases: number, runs = 1_000): number {
  const random = seededRandom(cases * 31 + draws.length);
  let accepted = 0;
  for (let run = 0; run < runs; run += 1) {
    const pairs = draws.map((draw, index) =>
      pairOf(`task ${index >> 1}`, `tier ${index & 1}`, cases, draw, random),
    );
    if (acceptTiers(pairs, resolveBar({ maxLoss: LOSS, minCases: 1 })).some((one) => one.accepted))
      accepted += 1;
  }
  return accepted / runs;
}

/** 5 %, and what 1,000 runs of a share of exactly 5 % exceed once in a thousand times. */
const ALPHA = 0.05 + 3.09 * Math.sqrt((0.05 * 0.95) / 1_000);

describe('acceptTiers on 1,000 simulated evaluations in which every tier loses exactly the margin', () => {
  const few = [0, 0.01, 0.03, 0.08, 0.15, 0.3].map(rightOrWrong);
  const inBetween = [graded(0.1), graded(0.4), rareAndLarge, graded(0.2), rareAndLarge, graded(0.8)];
  it.each([
    ['right and wrong answers', 12, few],
    ['right and wrong answers', 40, few],
    ['right and wrong answers', 120, few.slice(2)],
    ['grades in between', 30, inBetween.slice(1, 4)],
    ['grades in between', 100, inBetween],
    ['one comparison of right and wrong answers', 100, [rightOrWrong(0.05)]],
    ['one comparison of rare and large losses', 60, [rareAndLarge]],
    ['both kinds', 50, [...few.slice(2, 4), ...inBetween.slice(1, 3)]],
  ])('is wrong at most as often as it may be: %s, %d cases', (_, cases, draws) => {
    expect(shareAccepted(draws, cases)).toBeLessThanOrEqual(ALPHA);
  });

  it('accepts a tier that is as good, where there are enough cases', () => {
    const asGood: Draw = (random) => (random() < 0.03 ? [0, 1] : random() < 0.03 / 0.97 ? [1, 0] : [1, 1]);
    expect(shareAccepted([asGood], 300, 200)).toBeGreaterThan(0.9);
  });
});

describe('acceptTiers', () => {
  const pair = (task: string, cases: number): PairedGrades =>
    pairOf(task, 'cheap', cases, () => [1, 1], seededRandom(1));

  it('adjusts for the number of comparisons', () => {
    const [alone] = acceptTiers([pair('a', 100)], resolveBar());
    const [, , ofThree] = acceptTiers([pair('a', 60), pair('b', 60), pair('c', 100)], resolveBar());
    expect(alone).toMatchObject({ accepted: true });
    expect(ofThree?.adjustedP).toBeGreaterThan((alone?.p ?? 0) * 2.9);
  });

  it('accepts nothing of too few cases, whatever they say', () => {
    expect(acceptTiers([pair('a', 90)], resolveBar({ minCases: 91 }))[0]?.accepted).toBe(false);
    expect(acceptTiers([pair('a', 90)], resolveBar({ minCases: 90 }))[0]?.accepted).toBe(true);
    expect(acceptTiers([pair('a', 0)], resolveBar())).toEqual([{ accepted: false, p: 1, adjustedP: 1 }]);
  });

  it('takes the limit of the task, where it has one', () => {
    const bar = resolveBar({ tasks: { a: { maxLoss: 0.02 } } });
    expect(acceptTiers([pair('a', 100)], bar)[0]?.accepted).toBe(false);
    expect(acceptTiers([pair('b', 100)], bar)[0]?.accepted).toBe(true);
  });
});
