import { describe, expect, it } from 'vitest';
import { seededRandom } from '../evaluation/seeded-random.js';
import { calibrate } from './calibration.js';
import { probabilityOf } from './linear-head.js';

describe('calibrate', () => {
  it('finds the curve that outcomes follow', () => {
    const random = seededRandom(1);
    const gains = Array.from({ length: 5_000 }, () => random() - 0.3);
    const outcomes = gains.map((gain) => (random() < probabilityOf(5 * gain - 1) ? 1 : 0));
    const { slope, intercept } = calibrate(gains, outcomes);
    expect(slope).toBeCloseTo(5, 0);
    expect(intercept).toBeCloseTo(-1, 0);
  });

  it('keeps the order of gains that say the opposite', () => {
    expect(calibrate([0, 0.1, 0.9, 1], [1, 1, 0, 0]).slope).toBeGreaterThan(0);
  });

  it('stays finite where all outcomes are the same or gains separate them', () => {
    for (const outcomes of [
      [0, 0, 0],
      [1, 1, 1],
      [0, 1, 1],
    ]) {
      const { slope, intercept } = calibrate([-0.5, 0.1, 0.5], outcomes);
      expect(Number.isFinite(slope) && Number.isFinite(intercept)).toBe(true);
    }
  });
});
