import { describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.js';
import { binomialOf } from './binomial.js';
import { boundedMeanBound, boundedMeanInterval, boundedMeanP } from './bounded-mean.js';

describe('boundedMeanP', () => {
  it('is exact for right and wrong: the chance of no more hits', () => {
    const [hits, trials, share] = [3, 40, 0.15];
    let below = 0;
    for (let count = 0; count <= hits; count += 1) below += binomialOf(share)(count, trials);
    const values = Array.from({ length: trials }, (_, index) => (index < hits ? 1 : 0));
    expect(boundedMeanP(values, share, 1)).toBeCloseTo(below, 8);
  });

  it('is what random weights say', () => {
    const random = seededRandom(7);
    const values = Array.from({ length: 15 }, () => random() ** 2 - 0.2);
    const draws = 200_000;
    let above = 0;
    for (let draw = 0; draw < draws; draw += 1) {
      let sum = -Math.log(1 - random()) * (1 - 0.25);
      for (const value of values) sum -= Math.log(1 - random()) * (value - 0.25);
      if (sum >= 0) above += 1;
    }
    expect(boundedMeanP(values, 0.25, 1)).toBeCloseTo(above / draws, 2);
  });

  it('does not hang on the last digit of a value', () => {
    const [loss, mean] = [0.1 + 0.2, 0.95];
    expect(loss).not.toBe(0.3);
    expect(loss - mean).toBe(0.3 - mean);
    expect(boundedMeanP([0.1, loss, 0.3, 0.3], mean, 1)).toBe(boundedMeanP([0.1, 0.3, 0.3, 0.3], mean, 1));
  });

  it('has certain answers at the ends', () => {
    expect(boundedMeanP([0.2, 0.3], 0.1, 1)).toBe(1);
    expect(boundedMeanP([1, 1], 1, 1)).toBe(1);
    expect(boundedMeanP([0.2], 1, 1)).toBe(0);
  });
});

describe('boundedMeanBound', () => {
  it('approaches the usual bound with many values', () => {
    const random = seededRandom(3);
    const values = Array.from({ length: 2_000 }, () => random());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const usual = mean + (1.645 * Math.sqrt(1 / 12)) / Math.sqrt(values.length);
    expect(boundedMeanBound(values, 0.95, 0, 1)).toBeCloseTo(usual, 2);
  });

  it.each([
    ['rare total losses', 40, (random: () => number) => (random() < 0.08 ? 1 : 0)],
    ['many small and few large', 30, (random: () => number) => (random() < 0.9 ? 0.02 * random() : random())],
    ['losses and gains', 50, (random: () => number) => Math.round(4 * (random() - 0.45)) / 4],
    ['even ones', 12, (random: () => number) => random()],
  ])('is too low at most as often as it may be: %s', (_, cases, draw) => {
    const random = seededRandom(11);
    let mean = 0;
    for (let count = 0; count < 200_000; count += 1) mean += draw(random) / 200_000;
    let low = 0;
    const runs = 1_000;
    for (let run = 0; run < runs; run += 1) {
      const values = Array.from({ length: cases }, () => draw(random));
      if (boundedMeanP(values, mean, 1) <= 0.05) low += 1;
    }
    // 5 % and three standard errors of this simulation.
    expect(low / runs).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
  });
});

describe('boundedMeanInterval', () => {
  it('lies around the mean, within 0 and 1', () => {
    const { low, high } = boundedMeanInterval([0.2, 0.4, 0.6, 0.8, 1], 0.95);
    expect(low).toBeGreaterThan(0.2);
    expect(low).toBeLessThan(0.6);
    expect(high).toBeGreaterThan(0.6);
    expect(high).toBeLessThanOrEqual(1);
  });
});
