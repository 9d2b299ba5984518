import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestHash } from './record-id.js';
import { createRequestIndex } from './request-index.js';

describe('createRequestIndex', () => {
  it('knows the first of all who ask the same, as a map of all requests would', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { maxLength: 400 }), (asked) => {
        const [index, firsts] = [createRequestIndex(), new Map<number, number>()];
        for (const [ordinal, request] of asked.entries()) {
          expect(index.firstOf(requestHash(String(request)), ordinal)).toBe(firsts.get(request));
          if (!firsts.has(request)) firsts.set(request, ordinal);
        }
      }),
    );
  });

  it('forgets none of many thousands while its tables grow', () => {
    const index = createRequestIndex();
    const hashes = Array.from({ length: 40_000 }, (_, request) => requestHash(String(request)));
    expect(hashes.map((one, ordinal) => index.firstOf(one, ordinal))).not.toContainEqual(expect.any(Number));
    expect(hashes.map((one) => index.firstOf(one, 99_999))).toEqual(hashes.map((_, ordinal) => ordinal));
  });

  it('remembers so many and no more, and still finds those', () => {
    const index = createRequestIndex(2);
    const ask = (text: string, ordinal: number) => index.firstOf(requestHash(text), ordinal);
    expect(['a', 'b', 'c', 'c', 'a'].map(ask)).toEqual([undefined, undefined, undefined, undefined, 0]);
  });

  it('tells requests apart that differ only in the last of the bits that count', () => {
    const index = createRequestIndex();
    const hash = (end: string): string => `${'a'.repeat(23)}${end}${'0'.repeat(16)}`;
    expect([index.firstOf(hash('0'), 0), index.firstOf(hash('1'), 1), index.firstOf(hash('0'), 2)]).toEqual([
      undefined,
      undefined,
      0,
    ]);
  });
});
