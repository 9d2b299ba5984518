import { describe, expect, it } from 'vitest';
import { type RecordLine, shardRecords } from './shard-records.js';

const records = (count: number, bytes = 10): RecordLine[] =>
  Array.from({ length: count }, (_, index) => ({ recordId: `r${index}`, line: 'x'.repeat(bytes) }));
const sizes = (shards: ReturnType<typeof shardRecords>): number[] =>
  shards.map((shard) => shard.records.length);

describe('shardRecords', () => {
  it.each([
    [1, [1]],
    [100, [100]],
    [100_000, [100_000]],
    [100_001, [50_000, 50_001]],
    [250_000, [83_333, 83_333, 83_334]],
  ])('cuts %d records into as few jobs as there can be', (count, expected) => {
    expect(sizes(shardRecords(records(count, 1)))).toEqual(expected);
  });

  it('cuts by bytes, and never below the minimum', () => {
    const limits = { minRecords: 100, maxRecords: 1_000, maxBytes: 1_100 };
    expect(sizes(shardRecords(records(300, 10), limits))).toEqual([100, 100, 100]);
    expect(sizes(shardRecords(records(101, 10), limits))).toEqual([101]);
    // Two files would be needed, but a second job of 50 records would be refused.
    expect(() => shardRecords(records(150, 10), limits)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_BATCH_TOO_LARGE' }),
    );
  });

  it('counts bytes and not characters', () => {
    const limits = { minRecords: 1, maxRecords: 10, maxBytes: 4 };
    const umlauts = [1, 2, 3, 4].map((id) => ({ recordId: String(id), line: 'ä' }));
    expect(sizes(shardRecords(umlauts, limits))).toEqual([2, 2]);
  });
});
