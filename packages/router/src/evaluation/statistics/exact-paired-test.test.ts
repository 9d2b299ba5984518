import { describe, expect, it } from 'vitest';
import { binomialOf } from './binomial.js';
import { exactLossBound, exactLossP } from './exact-paired-test.js';
import { scoreStatistic } from './score-statistic.js';

/** The probability of so many losses and gains. */
function probabilityOf(
  cases: number,
  loss: number,
  gainShare: number,
): (losses: number, gains: number) => number {
  const rest = Math.max(0, 1 - 2 * gainShare - loss);
  const lossesOf = binomialOf(gainShare + loss);
  const gainsOf = binomialOf(gainShare / (gainShare + rest));
  return (losses, gains) => lossesOf(losses, cases) * gainsOf(gains, cases - losses);
}

/** All outcomes of so many cases. */
function outcomesOf(cases: number): { cases: number; losses: number; gains: number }[] {
  return Array.from({ length: cases + 1 }, (_, losses) =>
    Array.from({ length: cases - losses + 1 }, (__, gains) => ({ cases, losses, gains })),
  ).flat();
}

describe('scoreStatistic', () => {
  it('is zero where the loss is what was seen, and changes its sign with the models', () => {
    expect(scoreStatistic({ cases: 100, losses: 12, gains: 7 }, 0.05)).toBe(0);
    expect(scoreStatistic({ cases: 80, losses: 3, gains: 9 }, -0.1)).toBeCloseTo(
      -scoreStatistic({ cases: 80, losses: 9, gains: 3 }, 0.1),
      12,
    );
    expect(scoreStatistic({ cases: 50, losses: 0, gains: 0 }, 0.1)).toBeCloseTo(-5 / Math.sqrt(4.5), 12);
  });

  it('rises with every loss and falls with every gain', () => {
    for (const loss of [0.01, 0.05, 0.2]) {
      for (let losses = 0; losses < 20; losses += 1) {
        for (let gains = 0; losses + gains < 20; gains += 1) {
          const here = scoreStatistic({ cases: 20, losses, gains }, loss);
          expect(scoreStatistic({ cases: 20, losses: losses + 1, gains }, loss)).toBeGreaterThan(here);
          expect(scoreStatistic({ cases: 20, losses, gains: gains + 1 }, loss)).toBeLessThan(here);
        }
      }
    }
  });
});

describe('exactLossP', () => {
  it.each([
    [12, 0, 0, 0.1],
    [25, 1, 3, 0.1],
    [30, 4, 2, 0.05],
    [40, 10, 9, 0.08],
  ])(
    'is the largest of the sums over all outcomes: %d cases, %d losses, %d gains',
    (cases, losses, gains, loss) => {
      const p = exactLossP({ cases, losses, gains }, loss);
      const seen = scoreStatistic({ cases, losses, gains }, loss) + 1e-9;
      const extreme = outcomesOf(cases).filter((outcome) => scoreStatistic(outcome, loss) <= seen);
      let largest = 0;
      for (let step = 0; step <= 200; step += 1) {
        const probability = probabilityOf(cases, loss, ((1 - loss) / 2) * (step / 200) ** 2);
        const sum = extreme.reduce(
          (chance, outcome) => chance + probability(outcome.losses, outcome.gains),
          0,
        );
        expect(sum).toBeLessThanOrEqual(p + 1e-4);
        largest = Math.max(largest, sum);
      }
      expect(p).toBeCloseTo(largest, 3);
    },
  );

  it('without a difference is the chance to see none of the losses', () => {
    expect(exactLossP({ cases: 58, losses: 0, gains: 0 }, 0.05)).toBeCloseTo(0.95 ** 58, 6);
  });

  it('holds its level whatever the share of gains', () => {
    const [cases, loss] = [30, 0.1];
    const accepted = outcomesOf(cases).filter((outcome) => exactLossP(outcome, loss) <= 0.05);
    expect(accepted.length).toBeGreaterThan(20);
    for (let gainShare = 0; gainShare <= 0.45; gainShare += 0.005) {
      const probability = probabilityOf(cases, loss, gainShare);
      const wrong = accepted.reduce((chance, { losses, gains }) => chance + probability(losses, gains), 0);
      expect(wrong).toBeLessThanOrEqual(0.05 + 1e-5);
    }
  });
});

describe('exactLossBound', () => {
  it('agrees with the test that it inverts', () => {
    const counts = { cases: 120, losses: 6, gains: 5 };
    const bound = exactLossBound(counts, 0.95);
    expect(exactLossP(counts, bound + 0.001)).toBeLessThanOrEqual(0.05);
    expect(exactLossP(counts, bound - 0.001)).toBeGreaterThan(0.05);
  });

  it('is negative where the other model is surely better', () => {
    expect(exactLossBound({ cases: 100, losses: 2, gains: 40 }, 0.95)).toBeLessThan(-0.25);
  });
});
