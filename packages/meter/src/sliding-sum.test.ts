import { describe, expect, it } from 'vitest';
import { slidingSum } from './sliding-sum.js';

describe('slidingSum', () => {
  it('sums what came within the window', () => {
    const sum = slidingSum(60_000);
    sum.add(1, 1_000);
    sum.add(2, 30_000);
    expect(sum.total(59_000)).toBe(3);
  });

  it('lets the stretch before fade out', () => {
    const sum = slidingSum(60_000);
    sum.add(10, 10_000);
    expect(sum.total(75_000)).toBeCloseTo(7.5);
    expect(sum.total(119_999)).toBeCloseTo(0, 2);
    expect(sum.total(200_000)).toBe(0);
  });

  it('never counts twice what crosses a boundary', () => {
    const sum = slidingSum(60_000);
    for (let at = 0; at < 600_000; at += 1_000) sum.add(1, at);
    expect(sum.total(599_000)).toBeGreaterThan(55);
    expect(sum.total(599_000)).toBeLessThanOrEqual(61);
  });

  it('keeps its figures when the clock is set back', () => {
    const sum = slidingSum(60_000);
    sum.add(5, 100_000);
    expect(sum.total(50_000)).toBe(5);
    sum.add(1, 20_000);
    expect(sum.total(100_000)).toBe(6);
  });

  it('forgets on request', () => {
    const sum = slidingSum(60_000);
    sum.add(5, 1_000);
    sum.clear();
    expect(sum.total(2_000)).toBe(0);
  });
});
