import { describe, expect, it } from 'vitest';
import { normalOf, randomOf } from '../../tests/synthetic-weeks.js';
import { changeDetector, LIMIT } from './change-detector.js';

const MINUTE_MS = 60_000;

function observe(scores: readonly number[]) {
  const detector = changeDetector();
  for (const [index, score] of scores.entries())
    detector.add({
      startedAtMs: index * MINUTE_MS,
      score,
      value: 10 + score,
      expected: 10,
      weight: 1,
      usd: 2,
    });
  return detector;
}

describe('changeDetector', () => {
  it('says since when values are higher, by how much, and what was spent', () => {
    const { change } = observe([-1, 0.2, 3, 3, 3, 3, 3]);
    expect(change).toEqual({ sinceMs: 2 * MINUTE_MS, mean: 13, expected: 10, usd: 10 });
  });

  it('takes one wild slot for no change', () => {
    expect(observe([0, 1_000]).change).toBeUndefined();
    expect(observe([0, 1_000, -1, -1, -1, 1_000]).change).toBeUndefined();
    expect(observe([1_000, 1_000]).change).toBeDefined();
  });

  it('sees the end of a change as fast as its beginning', () => {
    const rise = Array<number>(500).fill(4);
    const fall = Array<number>(Math.ceil(LIMIT / 1.5) + 1).fill(-1);
    expect(observe([...rise, ...fall]).change).toBeUndefined();
  });

  it('is wrong as seldom as Siegmund says, on scores that are independent and normal', () => {
    // 19,000 slots between false alarms: in 40 runs of 2,000 slots about 4, and 12 with a chance below 0.1 %.
    let wrong = 0;
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = randomOf(seed);
      const detector = changeDetector();
      for (let slot = 0; slot < 2_000; slot += 1) {
        const score = normalOf(random);
        detector.add({ startedAtMs: slot, score, value: score, expected: 0, weight: 1, usd: 1 });
        if (detector.change === undefined) continue;
        wrong += 1;
        break;
      }
    }
    expect(wrong).toBeLessThanOrEqual(11);
  });

  it.each([
    [1, 16, 24],
    [2, 5, 8],
  ])('finds a shift by %s standard deviations after %i to %i slots', (shift, least, most) => {
    const delays = Array.from({ length: 200 }, (_, seed) => {
      const random = randomOf(seed + 1);
      const detector = changeDetector();
      let slots = 0;
      while (detector.change === undefined) {
        const score = shift + normalOf(random);
        detector.add({ startedAtMs: slots, score, value: score, expected: 0, weight: 1, usd: 1 });
        slots += 1;
      }
      return slots;
    });
    const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
    expect(mean).toBeGreaterThan(least);
    expect(mean).toBeLessThan(most);
  });
});
