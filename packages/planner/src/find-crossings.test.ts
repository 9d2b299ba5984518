import { describe, expect, it } from 'vitest';
import { findCrossings } from './find-crossings.js';

const sign = (value: number): -1 | 0 | 1 => (value < 0 ? -1 : value > 0 ? 1 : 0);

describe('findCrossings', () => {
  it('finds the first whole number on the other side', () => {
    expect(findCrossings((value) => sign(value - 1_234.5), 1, 1e9)).toEqual([{ at: 1_235, signAfter: 1 }]);
  });

  it('finds several, in order', () => {
    const between = (value: number): -1 | 0 | 1 => sign((value - 10.5) * (2_000.5 - value));
    expect(findCrossings(between, 1, 1e6)).toEqual([
      { at: 11, signAfter: 1 },
      { at: 2_001, signAfter: -1 },
    ]);
  });

  it('finds none where the sign stays', () => {
    expect(findCrossings(() => 1, 1, 1e9)).toEqual([]);
    expect(findCrossings(() => 0, 1, 1e9)).toEqual([]);
  });
});
