import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentHash } from '../src/content-hash.js';
import { digestMap, digestSet } from '../src/digest-table.js';

// Few texts, so that they meet; among them such as sinks of others may hold.
const key = fc.oneof(
  fc.nat(300).map((number) => contentHash(String(number))),
  fc.constantFrom('', 'a', 'x'.repeat(32), 'ABCDEF'.repeat(6).slice(0, 32)),
);
const value = fc.oneof(
  fc.nat(5).map((number) => contentHash(String(number))),
  fc.constantFrom('first', ''),
);
const step = fc.oneof(
  fc.record({ key, value }),
  key.map((taken) => ({ key: taken, value: undefined })),
);

describe('digestMap', () => {
  it('holds what a Map would, but for what was taken', () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(step, { maxLength: 400, selector: (one) => JSON.stringify(one) }),
        (steps) => {
          const [own, map] = [digestMap(), new Map<string, string>()];
          const gone = new Set<string>();
          for (const { key: name, value: given } of steps) {
            if (given === undefined) {
              expect(own.take(name)).toBe(map.get(name));
              map.delete(name);
              gone.add(name);
            } else if (!gone.has(name) && !map.has(name)) {
              // A sink lists each record once.
              own.set(name, given);
              map.set(name, given);
            }
            expect(own.size).toBe(map.size);
          }
          expect([...own.rest()].sort()).toEqual([...map.keys()].sort());
        },
      ),
    ));
});

describe('digestSet', () => {
  it('holds what a Set would, while it grows', () => {
    const own = digestSet();
    const hashes = Array.from({ length: 3_000 }, (_, number) => contentHash(String(number)));
    for (let round = 0; round < 2; round += 1) {
      const added = hashes.filter((hash) => own.add(hash));
      expect(added).toHaveLength(round === 0 ? hashes.length : 0);
    }
    expect(own.size).toBe(hashes.length);
    expect(hashes.every((hash) => own.has(hash))).toBe(true);
    expect(own.has(contentHash('another'))).toBe(false);
  });
});
