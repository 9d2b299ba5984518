import { describe, expect, it } from 'vitest';
import { mcNemarP } from './mcnemar.js';

describe('mcNemarP', () => {
  it.each([
    [0, 0, 1],
    [5, 5, 1],
    [6, 0, 0.03125],
    [0, 6, 0.03125],
    [8, 1, 0.0390625],
    [12, 2, 0.012939453125],
  ])('of %d losses and %d gains is %d', (losses, gains, p) => {
    expect(mcNemarP({ cases: 100, losses, gains })).toBeCloseTo(p, 12);
  });
});
