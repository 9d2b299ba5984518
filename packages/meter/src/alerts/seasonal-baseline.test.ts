import { describe, expect, it } from 'vitest';
import { normalOf, randomOf } from '../../tests/synthetic-weeks.js';
import { HOURS_OF_WEEK, seasonalBaseline } from './seasonal-baseline.js';

/** Learns weeks of a figure. */
function learned(weeks: number, figure: (hourOfWeek: number, week: number) => number) {
  const baseline = seasonalBaseline();
  for (let week = 0; week < weeks; week += 1)
    for (let hour = 0; hour < HOURS_OF_WEEK; hour += 1) baseline.learn(hour, figure(hour, week));
  return baseline;
}

const daily = (hour: number): number => 10 + 5 * Math.sin((2 * Math.PI * hour) / 24);

describe('seasonalBaseline', () => {
  it('expects nothing before the first hour, and what it saw after one', () => {
    const baseline = seasonalBaseline();
    expect(baseline.expect(0)).toBeUndefined();
    baseline.learn(0, 7);
    expect(baseline.expect(100)).toBe(7);
  });

  it('knows the hours of the day after two days', () => {
    const baseline = seasonalBaseline();
    for (let hour = 0; hour < 48; hour += 1) baseline.learn(hour, daily(hour));
    for (let hour = 48; hour < 72; hour += 1) expect(baseline.expect(hour)).toBeCloseTo(daily(hour), 0);
  });

  it('knows a weekend from a working day after two weeks', () => {
    const figure = (hour: number): number => daily(hour) * (hour >= 120 ? 0.3 : 1);
    const baseline = learned(2, figure);
    for (const hour of [10, 34, 130, 154]) expect(baseline.expect(hour)).toBeCloseTo(figure(hour), 0);
  });

  it('takes no bad day for next week’s normal', () => {
    const baseline = learned(4, (hour, week) => (week === 3 && hour < 24 ? 100 : daily(hour)));
    for (const hour of [3, 10, 20]) expect(baseline.expect(hour)).toBeCloseTo(daily(hour), 0);
  });

  it('averages a figure that knows no hours over all of them', () => {
    const random = randomOf(5);
    const baseline = learned(4, () => 10 + normalOf(random));
    const errors = Array.from({ length: HOURS_OF_WEEK }, (_, hour) => (baseline.expect(hour) ?? 0) - 10);
    const error = Math.sqrt(errors.reduce((sum, one) => sum + one ** 2, 0) / errors.length);
    // The median of an hour's own four values would be 0.53 off.
    expect(error).toBeLessThan(0.35);
  });
});
