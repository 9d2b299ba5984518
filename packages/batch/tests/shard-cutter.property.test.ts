import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createShardCutter, maxLineBytes, type ShardLimits, type ShardLine } from '../src/shard-cutter.js';

const limits: fc.Arbitrary<ShardLimits> = fc
  .record({
    minRecords: fc.integer({ min: 1, max: 12 }),
    extra: fc.nat(40),
    lineBytes: fc.integer({ min: 1, max: 50 }),
  })
  .map(({ minRecords, extra, lineBytes }) => ({
    minRecords,
    maxRecords: 2 * minRecords + extra,
    maxBytes: 2 * minRecords * lineBytes,
  }));

interface NumberedLine extends ShardLine {
  readonly index: number;
}

async function cut(of: ShardLimits, sizes: readonly number[]) {
  const shards: NumberedLine[][] = [];
  let open: NumberedLine[] | undefined;
  let mostHeld = 0;
  let put = 0;
  const cutter = createShardCutter<NumberedLine>(of, {
    put: (line) => {
      if (open === undefined) {
        open = [];
        shards.push(open);
      }
      open.push(line);
      put += 1;
      // Now and then the target is slow.
      return line.index % 3 === 0 ? Promise.resolve() : undefined;
    },
    close: () => {
      open = undefined;
      return Promise.resolve();
    },
  });
  for (const [index, size] of sizes.entries()) {
    const bytes = 1 + (size % maxLineBytes(of));
    const wait = cutter.push({ line: '', bytes, index });
    if (wait !== undefined) await wait;
    mostHeld = Math.max(mostHeld, index + 1 - put);
  }
  const rest = await cutter.end();
  return { shards, rest, mostHeld, isOpen: open !== undefined };
}

describe('createShardCutter', () => {
  it('puts every line into one shard, in order, each within all limits, and holds back only as many as it must', async () => {
    await fc.assert(
      fc.asyncProperty(limits, fc.array(fc.nat(1_000), { maxLength: 200 }), async (of, sizes) => {
        const { shards, rest, mostHeld, isOpen } = await cut(of, sizes);
        expect([...shards.flat(), ...rest].map(({ index }) => index)).toEqual(sizes.map((_, index) => index));
        for (const shard of shards) {
          expect(shard.length).toBeGreaterThanOrEqual(of.minRecords);
          expect(shard.length).toBeLessThanOrEqual(of.maxRecords);
          expect(shard.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(of.maxBytes);
        }
        // Too few for a job only where all together are.
        if (rest.length > 0) expect([shards.length, rest.length < of.minRecords]).toEqual([0, true]);
        expect(mostHeld).toBeLessThanOrEqual(of.minRecords);
        expect(isOpen).toBe(false);
      }),
    );
  });

  it('makes as few shards as records allow, or one more whose lines come from nobody else', async () => {
    await fc.assert(
      fc.asyncProperty(limits, fc.integer({ min: 1, max: 300 }), async (of, count) => {
        const small = { ...of, maxBytes: 1_000_000 };
        const { shards } = await cut(
          small,
          Array.from({ length: count }, () => 0),
        );
        const least = count < of.minRecords ? 0 : Math.ceil(count / of.maxRecords);
        expect(shards.length - least).toBeGreaterThanOrEqual(0);
        expect(shards.length - least).toBeLessThanOrEqual(1);
      }),
    );
  });
});
