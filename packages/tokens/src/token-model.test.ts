import { describe, expect, it } from 'vitest';
import { PART, PART_COUNT, partsOf, vectorOf } from './part-vector.js';
import { learn, priorModel, rangeOf, type TokenRange } from './token-model.js';
import { TOKENIZER_FAMILIES } from './tokenizer-families.js';

const { claude, o200k } = TOKENIZER_FAMILIES;

function parts(values: Partial<Record<keyof typeof PART, number>>): Float64Array {
  const vector = new Float64Array(PART_COUNT);
  for (const [name, value] of Object.entries(values)) vector[PART[name as keyof typeof PART]] = value;
  return vector;
}

describe('vectorOf', () => {
  it('is the inverse of partsOf', () => {
    const vector = Float64Array.of(1, 2, 3, 4, 5, 6, 7);
    expect(vectorOf(partsOf(vector))).toEqual(vector);
  });
});

const width = ({ low, high }: TokenRange): number => high / low;

describe('rangeOf', () => {
  it('adds up the parts by the factors of the family', () => {
    const { total } = rangeOf(priorModel(claude), parts({ words: 100, signs: 10, cjk: 20, scripts: 5 }));
    const { words, signs, cjk, scripts } = claude;
    expect(total).toBeCloseTo(
      100 * words.factor + 10 * signs.factor + 20 * cjk.factor + 5 * scripts.factor,
      9,
    );
  });

  it('is unsure where the family is unsure', () => {
    const of = (vector: Float64Array): number => width(rangeOf(priorModel(claude), vector));
    expect(of(parts({ scripts: 1000 }))).toBeGreaterThan(of(parts({ words: 1000 })));
  });

  it('is surer of a text that was counted', () => {
    const vector = parts({ words: 1000 });
    expect(width(rangeOf(priorModel(o200k), vector, true))).toBeLessThan(
      width(rangeOf(priorModel(o200k), vector)),
    );
  });

  it('keeps the lower bound positive and the upper finite, however unsure', () => {
    const unsure = { ...priorModel(o200k), relativeVariance: 1e9 };
    const { low, high } = rangeOf(unsure, parts({ words: 10 }));
    expect(low).toBeGreaterThan(0);
    expect(high).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(rangeOf(unsure, parts({}))).toEqual({ total: 0, low: 0, high: 0 });
  });
});

describe('learn', () => {
  it('finds out each factor from prompts of different mixtures', () => {
    const model = priorModel(claude);
    const truth = { words: 1.3, signs: 1, cjk: 1.1, scripts: 1.4 };
    for (let round = 0; round < 200; round++) {
      const mixture = {
        words: 100 + 37 * (round % 7),
        signs: 20 + 53 * (round % 5),
        cjk: 90 * (round % 3),
        scripts: 70 * (round % 4),
      };
      const tokens = Object.entries(mixture).reduce(
        (sum, [name, value]) => sum + value * truth[name as keyof typeof truth],
        0,
      );
      learn(model, parts(mixture), tokens);
    }
    for (const [name, factor] of Object.entries(truth)) {
      expect(model.factors[PART[name as keyof typeof PART]], name).toBeCloseTo(factor, 1);
    }
  });

  it('never lets a factor fall below zero', () => {
    const model = priorModel(claude);
    for (let round = 0; round < 500; round++) learn(model, parts({ words: 100, signs: 100 }), 1);
    expect(Math.min(...model.factors)).toBeGreaterThanOrEqual(0);
  });

  it('keeps the covariance symmetric and its diagonal positive over a long run', () => {
    const model = priorModel(claude);
    for (let round = 0; round < 20_000; round++) {
      const vector = parts({
        requests: 1,
        messages: 1 + (round % 9),
        words: 50 + (round % 977),
        signs: round % 301,
      });
      learn(model, vector, 20 + 1.2 * (round % 977));
    }
    for (let row = 0; row < PART_COUNT; row++) {
      expect(model.covariance[row * PART_COUNT + row]).toBeGreaterThanOrEqual(0);
      for (let column = 0; column < row; column++) {
        const one = model.covariance[row * PART_COUNT + column] as number;
        expect(one).toBeCloseTo(model.covariance[column * PART_COUNT + row] as number, 6);
      }
    }
    expect(model.factors.every(Number.isFinite)).toBe(true);
  });

  it('widens the range when prompts stray', () => {
    const steady = priorModel(o200k);
    const straying = priorModel(o200k);
    for (let round = 0; round < 100; round++) {
      learn(steady, parts({ words: 1000 }), 1000);
      learn(straying, parts({ words: 1000 }), round % 2 === 0 ? 700 : 1300);
    }
    const vector = parts({ words: 1000 });
    expect(width(rangeOf(straying, vector))).toBeGreaterThan(2 * width(rangeOf(steady, vector)));
    expect(rangeOf(straying, vector).high).toBeGreaterThan(1300);
  });
});
