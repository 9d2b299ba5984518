import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchError } from '../src/index.js';
import { shardRecords } from '../src/shard-records.js';

const limits = fc
  .record({
    minRecords: fc.integer({ min: 1, max: 20 }),
    extra: fc.nat(60),
    maxBytes: fc.integer({ min: 50, max: 2_000 }),
  })
  .map(({ minRecords, extra, maxBytes }) => ({ minRecords, maxRecords: 2 * minRecords + extra, maxBytes }));

const records = fc
  .array(fc.tuple(fc.constantFrom('x', 'ä', '語'), fc.integer({ min: 1, max: 30 })), { maxLength: 300 })
  .map((lines) =>
    lines.map(([letter, times], index) => ({ recordId: `r${index}`, line: `${letter.repeat(times)}\n` })),
  );

describe('shardRecords', () => {
  it('puts every record into one job, in order, each job within all limits', () => {
    fc.assert(
      fc.property(records, limits, (lines, of) => {
        let shards: ReturnType<typeof shardRecords>;
        try {
          shards = shardRecords(lines, of);
        } catch (error) {
          // Only where even the smallest jobs that may be made do not all fit.
          expect(error).toBeInstanceOf(BatchError);
          const bytes = lines.map(({ line }) => Buffer.byteLength(line));
          expect(Math.max(...bytes) * (2 * of.minRecords)).toBeGreaterThan(of.maxBytes);
          return;
        }
        expect(shards.flatMap((shard) => shard.records)).toEqual(lines);
        expect(shards.map(({ index }) => index)).toEqual(shards.map((_, index) => index));
        for (const shard of shards) {
          const bytes = shard.records.reduce((sum, { line }) => sum + Buffer.byteLength(line), 0);
          expect(bytes).toBeLessThanOrEqual(of.maxBytes);
          expect(shard.records.length).toBeLessThanOrEqual(of.maxRecords);
          if (lines.length >= of.minRecords)
            expect(shard.records.length).toBeGreaterThanOrEqual(of.minRecords);
        }
      }),
    );
  });

  it('makes no more jobs than there have to be', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), limits, (count, of) => {
        const lines = Array.from({ length: count }, (_, index) => ({ recordId: `r${index}`, line: '' }));
        expect(shardRecords(lines, of)).toHaveLength(Math.max(1, Math.ceil(count / of.maxRecords)));
      }),
    );
  });
});
