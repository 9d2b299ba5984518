import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../evaluation/seeded-random.js';
import { logOdds, probabilityOf } from './linear-head.js';
import { learnMixture, mixedOdds, mixHeads, type Odds } from './mix-heads.js';

const factor = fc.double({ min: -3, max: 3, noNaN: true });
const mixture = fc.tuple(factor, factor, factor);

describe('learnMixture', () => {
  it('finds how far the truth is from what the heads say', () => {
    const random = seededRandom(2);
    const odds = Array.from({ length: 4_000 }, (): Odds => [4 * random() - 2, 4 * random() - 2]);
    // What both find hard is understated, the difference between them overstated.
    const drawn = (own: 0 | 1): number[] =>
      odds.map((one) => {
        const shared = (one[0] + one[1]) / 2;
        return random() < probabilityOf(1.4 * shared + 0.5 * (one[own] - shared)) ? 1 : 0;
      });
    const found = learnMixture(odds, drawn(0), drawn(1));
    for (const [wanted, got] of [
      [[0, 0.95, 0.45], found.cheap],
      [[0, 0.45, 0.95], found.strong],
    ] as const)
      got.forEach((weight, at) => {
        expect(Math.abs(weight - wanted[at]!)).toBeLessThan(0.12);
      });
  });

  it('hardly moves what few records say, and stays finite where all grades are the same', () => {
    const odds: Odds[] = [
      [1, -1],
      [-1, 1],
      [0.5, 0.5],
      [-0.5, -0.5],
    ];
    const { cheap, strong } = learnMixture(odds, [0, 1, 0, 1], [1, 1, 1, 1]);
    expect(Math.abs(cheap[1] - 1)).toBeLessThan(0.2);
    expect(Math.abs(cheap[2])).toBeLessThan(0.2);
    expect([...cheap, ...strong].every(Number.isFinite)).toBe(true);
  });
});

describe('mixHeads', () => {
  it('makes heads that say what mixing says', () => {
    fc.assert(
      fc.property(
        mixture,
        mixture,
        fc.array(fc.tuple(factor, factor, factor), { minLength: 1, maxLength: 8 }),
        (cheap, strong, columns) => {
          const row = { indices: columns.map((_, at) => at), values: columns.map(([value]) => value) };
          const heads = {
            cheap: { intercept: 0.3, weights: columns.map(([, weight]) => weight) },
            strong: { intercept: -0.2, weights: columns.map(([, , weight]) => weight) },
          };
          const apart: Odds = [logOdds(heads.cheap, row), logOdds(heads.strong, row)];
          const [wantedCheap, wantedStrong] = mixedOdds({ cheap, strong }, apart);
          const mixed = mixHeads({ cheap, strong }, heads);
          expect(logOdds(mixed.cheap, row)).toBeCloseTo(wantedCheap, 8);
          expect(logOdds(mixed.strong, row)).toBeCloseTo(wantedStrong, 8);
        },
      ),
    );
  });
});
