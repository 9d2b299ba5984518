import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createO200kTokenizer } from '../money/tokenizer.js';
import { prose } from './prose.js';

const tokenizer = createO200kTokenizer();
const count = (text: string): number => tokenizer.count(text, 'model');

describe('prose', () => {
  it('meets the length, two tokens short at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1_500 }), fc.string(), (tokens, seed) => {
        const length = count(prose(tokens, count, seed));
        expect(length).toBeLessThanOrEqual(tokens);
        expect(length).toBeGreaterThanOrEqual(tokens - 2);
      }),
      { numRuns: 60 },
    );
  });

  it('holds no digits, so that it never answers a question by accident', () => {
    expect(prose(2_000, count, 'any')).not.toMatch(/\d/);
  });

  it.each([1, 2, 3])('is short when only %i tokens are wanted', (tokens) => {
    expect(count(prose(tokens, count, 'any'))).toBeLessThanOrEqual(tokens);
    expect(prose(tokens, count, 'any')).toMatch(/^\w/);
  });

  it('is nothing when nothing is wanted', () => {
    expect(prose(0, count, 'any')).toBe('');
  });

  it('depends on the seed alone', () => {
    expect(prose(100, count, 'a', 'b')).toBe(prose(100, count, 'a', 'b'));
    expect(new Set(['a', 'b', 'c', 'd', 'e'].map((seed) => prose(100, count, seed))).size).toBeGreaterThan(1);
  });
});
