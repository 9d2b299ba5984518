import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTextHash } from './hash-prefixes.js';
import { createPrefixSketch } from './prefix-sketch.js';

/** Keys as they are: hashes. */
const anyKey = fc.string({ minLength: 1 }).map(createTextHash());

describe('createPrefixSketch', () => {
  it('says when a prefix was seen before, to a tenth of a second', () => {
    const sketch = createPrefixSketch(1024);
    expect(sketch.see(5, 1_000_000)).toBeUndefined();
    expect(sketch.see(5, 1_060_030)).toBe(1_000_000);
    expect(sketch.see(5, 1_090_000)).toBe(1_060_000);
  });

  it('takes no prefix for another, however few its slots are', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyKey, { minLength: 1, maxLength: 50 }), anyKey, (keys, stranger) => {
        fc.pre(!keys.includes(stranger));
        const sketch = createPrefixSketch(16);
        for (const key of keys) {
          expect(sketch.see(key, 1000)).toBeUndefined();
          sketch.mark(key);
          expect(sketch.isMarked(key)).toBe(true);
        }
        expect(sketch.isMarked(stranger)).toBe(false);
        expect(sketch.see(stranger, 1000)).toBeUndefined();
      }),
    );
  });

  it('keeps a mark while the prefix is seen, and drops it with the prefix', () => {
    const sketch = createPrefixSketch(1);
    sketch.see(1, 0);
    sketch.mark(1);
    sketch.see(1, 1000);
    expect(sketch.isMarked(1)).toBe(true);
    sketch.see(2 ** 40, 2000);
    expect([sketch.isMarked(1), sketch.isMarked(2 ** 40)]).toEqual([false, false]);
  });
});
