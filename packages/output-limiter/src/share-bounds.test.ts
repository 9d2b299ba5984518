import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareBounds } from './share-bounds.js';

describe('shareBounds', () => {
  it.each([
    // The rule of three, and tables of Clopper and Pearson.
    [0, 100, 0, 0.0295],
    [5, 100, 0.0199, 0.1023],
    [10, 10, 0.7411, 1],
    [1, 1_000, 0.00005, 0.0047],
  ])('bounds %d of %d by %d and %d', (found, all, low, high) => {
    const bounds = shareBounds(found, all, 0.95);
    expect(bounds.low).toBeCloseTo(low, 4);
    expect(bounds.high).toBeCloseTo(high, 4);
  });

  it('holds what was seen between its bounds, nearer the more was seen', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (all, share) => {
          const found = Math.round(share * all);
          const { low, high } = shareBounds(found, all, 0.95);
          expect(low).toBeLessThanOrEqual(found / all);
          expect(high).toBeGreaterThanOrEqual(found / all);
          const more = shareBounds(found * 2, all * 2, 0.95);
          expect(more.high - more.low).toBeLessThan(high - low);
        },
      ),
      { numRuns: 50 },
    );
  });
});
