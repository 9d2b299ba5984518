import { describe, expect, it } from 'vitest';
import { createDriftDetector } from './drift-detector.js';
import { seededRandom } from './evaluation/seeded-random.js';

/** How many losses pass before an alarm; `most` where there is none. */
function lossesUntilAlarm(lossRate: number, most: number, seed: number, before = 0): number {
  const random = seededRandom(seed);
  const detector = createDriftDetector(0.05, 1_000);
  for (let at = 0; at < before; at += 1) {
    if (detector.add(random() < 0.02 ? 1 : 0)) return 0;
  }
  for (let at = 1; at <= most; at += 1) if (detector.add(random() < lossRate ? 1 : 0)) return at;
  return most;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);

describe('createDriftDetector', () => {
  it('passes a thousand losses on average before a false alarm, at the very limit of what is allowed', () => {
    expect(mean(SEEDS.map((seed) => lossesUntilAlarm(0.05, 20_000, seed)))).toBeGreaterThan(1_000);
  });

  it('raises none in two thousand where half of what is allowed is lost', () => {
    const alarms = SEEDS.filter((seed) => lossesUntilAlarm(0.025, 2_000, seed) < 2_000);
    expect(alarms.length).toBeLessThanOrEqual(1);
  });

  it('sees a loss of twenty points within some hundred pairs, also after a thousand good ones', () => {
    expect(mean(SEEDS.map((seed) => lossesUntilAlarm(0.2, 2_000, seed)))).toBeLessThan(150);
    expect(mean(SEEDS.map((seed) => lossesUntilAlarm(0.2, 2_000, seed, 1_000)))).toBeLessThan(150);
  });

  it('counts and averages what it was told, within its bounds', () => {
    const detector = createDriftDetector(0.05, 1_000);
    expect([detector.count, detector.mean]).toEqual([0, 0]);
    detector.add(5);
    detector.add(-0.5);
    expect([detector.count, detector.mean]).toEqual([2, 0.25]);
  });
});
