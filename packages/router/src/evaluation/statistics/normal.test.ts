import { describe, expect, it } from 'vitest';
import { normalQuantile, normalShareBelow } from './normal.js';

describe('normalQuantile', () => {
  it.each([
    [0.5, 0],
    [0.95, 1.6448536],
    [0.975, 1.959964],
    [0.99, 2.3263479],
    [0.001, -3.0902323],
    [1e-9, -5.997807],
  ])('finds the quantile of %d', (probability, quantile) => {
    expect(normalQuantile(probability)).toBeCloseTo(quantile, 6);
  });

  it('has no finite value at the ends', () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
  });
});

describe('normalShareBelow', () => {
  it.each([-4, -1.645, -0.3, 0, 0.3, 1.645, 4])('undoes the quantile at %d', (x) => {
    expect(normalQuantile(normalShareBelow(x))).toBeCloseTo(x, 2);
  });
});
