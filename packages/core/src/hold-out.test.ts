import { describe, expect, it } from 'vitest';
import { holdOut } from './hold-out.js';
import type { Call } from './lever.js';

const call = (id: number | string): Call => ({ id: String(id) }) as Call;
const shareOf = (share: number, seed?: number, calls = 20_000): number => {
  const held = holdOut(share, seed);
  let count = 0;
  for (let id = 0; id < calls; id += 1) if (held.includes(call(id))) count += 1;
  return count / calls;
};

describe('holdOut', () => {
  it.each([0, 0.01, 0.05, 0.5, 0.99, 1])('keeps out a share of %d', (share) => {
    expect(Math.abs(shareOf(share) - share)).toBeLessThan(0.01);
  });

  it('answers the same for the same call, and nobody or everybody at the ends', () => {
    const held = holdOut(0.5);
    expect(held.includes(call('a'))).toBe(held.includes(call('a')));
    expect(held.share).toBe(0.5);
    expect([shareOf(0), shareOf(1)]).toEqual([0, 1]);
  });

  it('holds out other calls for another seed', () => {
    const [one, other] = [holdOut(0.1, 1), holdOut(0.1, 2)];
    let both = 0;
    for (let id = 0; id < 20_000; id += 1) if (one.includes(call(id)) && other.includes(call(id))) both += 1;
    // Independent shares of a tenth meet in a hundredth.
    expect(both / 20_000).toBeLessThan(0.02);
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses a share of %d', (share) => {
    expect(() => holdOut(share)).toThrow(expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION' }));
  });
});
