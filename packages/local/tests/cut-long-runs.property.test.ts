import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutLongRuns } from '../src/money/cut-long-runs.js';

const run = fc
  .tuple(fc.constantFrom('x', 'aé', ' ', '-', '的一', '😀', '❤️', 'a\u0301', '\n', '1', 'ab1'), fc.nat(4_000))
  .map(([text, times]) => text.repeat(times));
const text = fc.array(fc.oneof(run, fc.string(), fc.constant('Some words. ')), { maxLength: 6 });

describe('cutLongRuns', () => {
  it('is the text, cut in no character, and at the same places whatever follows', () => {
    fc.assert(
      fc.property(text, fc.double({ min: 0, max: 1, noNaN: true }), (parts, share) => {
        const whole = parts.join('');
        const pieces = cutLongRuns(whole);
        expect(pieces.join('')).toBe(whole);
        for (const piece of pieces.slice(1)) expect(/^[\udc00-\udfff]/.test(piece)).toBe(false);
        const before = cutLongRuns(whole.slice(0, share * whole.length)).slice(0, -1);
        expect(pieces.slice(0, before.length)).toEqual(before);
      }),
    );
  });
});
