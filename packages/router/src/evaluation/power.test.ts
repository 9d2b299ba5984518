import { describe, expect, it } from 'vitest';
import { lossP } from './loss-test.js';
import type { PairedGrades } from './paired-grades.js';
import { acceptancePower, casesNeeded, detectionPower } from './power.js';
import { seededRandom } from './seeded-random.js';
import { exactLossP } from './statistics/exact-paired-test.js';

const question = { maxLoss: 0.05, alpha: 0.05, trueLoss: 0 };

/** A task on which both are equally good and one of `differs` cases differs, each way. */
function equals(cases: number, differs: number, seed: number): PairedGrades {
  const random = seededRandom(seed);
  const drawn = Array.from({ length: cases }, () => {
    const at = random();
    return at < differs ? [1, 0] : at < 2 * differs ? [0, 1] : [1, 1];
  });
  return {
    task: 'a',
    tier: 'cheap',
    baselineGrades: drawn.map(([grade]) => grade as number),
    tierGrades: drawn.map(([, grade]) => grade as number),
  };
}

describe('acceptancePower', () => {
  it.each([
    [200, 0.02],
    [300, 0.05],
    [150, 0.1],
  ])('foretells how often a tier that is as good is accepted: %d cases', (cases, differs) => {
    let accepted = 0;
    for (let run = 0; run < 300; run += 1) {
      if (lossP(equals(cases, differs, run), 0.05) <= 0.05) accepted += 1;
    }
    expect(acceptancePower(equals(cases, differs, 999), question)).toBeCloseTo(accepted / 300, 0.7);
  });

  it('is none where no result would be enough', () => {
    expect(acceptancePower(equals(50, 0.05, 1), question)).toBe(0);
  });
});

describe('casesNeeded', () => {
  it('asks for at least as many as one loss could hide in', () => {
    const needed = casesNeeded(equals(20, 0, 1), question);
    expect(exactLossP({ cases: needed, losses: 0, gains: 0 }, 0.05)).toBeLessThanOrEqual(0.05);
  });

  it('asks for more where more differs, where the margin is small, and where something is lost', () => {
    const base = casesNeeded(equals(100, 0.05, 1), question);
    expect(casesNeeded(equals(100, 0.2, 1), question)).toBeGreaterThan(base);
    expect(casesNeeded(equals(100, 0.05, 1), { ...question, maxLoss: 0.02 })).toBeGreaterThan(base);
    expect(casesNeeded(equals(100, 0.05, 1), { ...question, trueLoss: 0.03 })).toBeGreaterThan(base);
    expect(casesNeeded(equals(5_000, 0.05, 1), question)).toBe(5_100);
  });

  it('is enough four times in five', () => {
    const needed = casesNeeded(equals(100, 0.05, 3), question);
    let accepted = 0;
    for (let run = 0; run < 200; run += 1) {
      if (lossP(equals(needed, 0.05, run), 0.05) <= 0.05) accepted += 1;
    }
    expect(accepted / 200).toBeGreaterThan(0.7);
    expect(accepted / 200).toBeLessThan(0.97);
  });
});

describe('detectionPower', () => {
  it('rises with the cases', () => {
    expect(detectionPower(equals(50, 0.1, 1), 0.05, 0.05)).toBeLessThan(0.4);
    expect(detectionPower(equals(2_000, 0.1, 1), 0.05, 0.05)).toBeGreaterThan(0.9);
  });
});
