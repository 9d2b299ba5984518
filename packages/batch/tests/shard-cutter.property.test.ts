import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createShardCutter, type ShardLimits, type ShardLine } from '../src/shard-cutter.js';

const limits: fc.Arbitrary<ShardLimits> = fc
  .record({
    minRecords: fc.integer({ min: 1, max: 12 }),
    extra: fc.nat(40),
    lineBytes: fc.integer({ min: 1, max: 50 }),
  })
  .map(({ minRecords, extra, lineBytes }) => ({
    minRecords,
    maxRecords: 2 * minRecords + extra,
    maxBytes: 20 * minRecords * lineBytes,
  }));

interface NumberedLine extends ShardLine {
  readonly index: number;
}

async function cut(of: ShardLimits, sizes: readonly number[]) {
  const shards: NumberedLine[][] = [];
  const refused: number[] = [];
  let open: NumberedLine[] | undefined;
  let short: NumberedLine[] | undefined;
  let [mostHeld, heldBytes] = [0, 0];
  let waiting: NumberedLine[] = [];
  const cutter = createShardCutter<NumberedLine>(of, {
    put: (line) => {
      if (open === undefined) {
        open = [];
        shards.push(open);
      }
      open.push(line);
      waiting = waiting.filter((one) => one !== line);
      // Now and then the target is slow.
      return line.index % 3 === 0 ? Promise.resolve() : undefined;
    },
    close: (isShort) => {
      if (isShort) short = open;
      open = undefined;
      return Promise.resolve();
    },
  });
  for (const [index, bytes] of sizes.entries()) {
    if (bytes > cutter.room) {
      refused.push(index);
      continue;
    }
    const line = { line: '', bytes, index };
    waiting.push(line);
    const wait = cutter.push(line);
    if (wait !== undefined) await wait;
    mostHeld = Math.max(mostHeld, waiting.length);
    heldBytes = Math.max(heldBytes, bytesIn(waiting));
  }
  const rest = await cutter.end();
  return { shards, rest, refused, short, mostHeld, heldBytes, isOpen: open !== undefined };
}

const bytesIn = (lines: readonly NumberedLine[]): number => lines.reduce((sum, { bytes }) => sum + bytes, 0);
const indexesOf = (lines: readonly NumberedLine[]): number[] => lines.map(({ index }) => index);

/** Sizes of lines, as shares of what a job takes: most are short, some long, a few longer than any job. */
const sizesOf = ({ minRecords, maxBytes }: ShardLimits): fc.Arbitrary<number[]> => {
  const mean = maxBytes / minRecords;
  const upTo = (most: number) => fc.integer({ min: 1, max: Math.max(1, Math.floor(most)) });
  return fc.array(
    fc.oneof(
      { weight: 8, arbitrary: upTo(mean / 20) },
      { weight: 2, arbitrary: upTo(mean / 2) },
      { weight: 1, arbitrary: upTo(2 * mean) },
      { weight: 1, arbitrary: upTo(1.1 * maxBytes) },
    ),
    { maxLength: 200 },
  );
};

describe('createShardCutter', () => {
  it('puts every line into one shard, each within all limits, and holds back only a few short ones', async () => {
    await fc.assert(
      fc.asyncProperty(
        limits.chain((of) => fc.tuple(fc.constant(of), sizesOf(of))),
        async ([of, sizes]) => {
          const { shards, rest, refused, short, mostHeld, heldBytes, isOpen } = await cut(of, sizes);
          const taken = [...indexesOf(shards.flat()), ...indexesOf(rest), ...refused];
          expect(taken.sort((one, other) => one - other)).toEqual(sizes.map((_, index) => index));
          for (const shard of shards) {
            if (shard !== short) expect(shard.length).toBeGreaterThanOrEqual(of.minRecords);
            expect(shard.length).toBeLessThanOrEqual(of.maxRecords);
            expect(bytesIn(shard)).toBeLessThanOrEqual(of.maxBytes);
          }
          if (short !== undefined) expect(short).toBe(shards.at(-1));
          // Too few for a job without having been written only where all together are.
          if (rest.length > 0) expect([shards.length, rest.length < of.minRecords]).toEqual([0, true]);
          expect(mostHeld).toBeLessThanOrEqual(of.minRecords);
          expect(heldBytes).toBeLessThanOrEqual(of.maxBytes / 20);
          expect(isOpen).toBe(false);
        },
      ),
    );
  });

  it('keeps the order of short lines, refuses none of them, and leaves no shard short', async () => {
    await fc.assert(
      fc.asyncProperty(limits, fc.array(fc.nat(1_000), { maxLength: 200 }), async (of, drawn) => {
        const longest = of.maxBytes / of.minRecords / 20;
        const { shards, rest, refused, short, mostHeld } = await cut(
          of,
          drawn.map((size) => 1 + (size % longest)),
        );
        expect(indexesOf([...shards.flat(), ...rest])).toEqual(drawn.map((_, index) => index));
        expect([refused, short]).toEqual([[], undefined]);
        expect(mostHeld).toBeLessThanOrEqual(of.minRecords);
      }),
    );
  });

  it('fills jobs of lines up to nine tenths of what their fewest records may have in the mean', async () => {
    await fc.assert(
      fc.asyncProperty(limits, fc.integer({ min: 1, max: 120 }), async (of, count) => {
        const longest = Math.floor((0.9 * of.maxBytes) / of.minRecords);
        const { refused, shards, short } = await cut(of, Array(count).fill(longest));
        expect(refused).toEqual([]);
        if (shards.length > 1) expect(shards.slice(0, -1)).not.toContain(short);
      }),
    );
  });

  it('makes as few shards as records allow, or one more whose lines come from nobody else', async () => {
    await fc.assert(
      fc.asyncProperty(limits, fc.integer({ min: 1, max: 300 }), async (of, count) => {
        const { shards } = await cut({ ...of, maxBytes: 1_000_000 }, Array(count).fill(1));
        const least = count < of.minRecords ? 0 : Math.ceil(count / of.maxRecords);
        expect(shards.length - least).toBeGreaterThanOrEqual(0);
        expect(shards.length - least).toBeLessThanOrEqual(1);
      }),
    );
  });
});
