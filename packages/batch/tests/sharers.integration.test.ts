import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Money } from '@costkit/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { type BatchOptions, type BatchRecord, createBatch, memoryJournal } from '../src/index.js';
import type { Owner } from '../src/owners.js';
import { ordinalOf } from '../src/record-id.js';
import { openSharers } from '../src/sharer-lookup.js';
import { createSharers } from '../src/sharers.js';
import { all, BUCKET, inputOf, localBench, outcome } from './local-bench.js';
import { tempFolder } from './temp-folder.js';

const QUOTAS = { minRecords: 5, maxRecords: 20 };
const bench = localBench({ batch: { limits: { minRecordsPerJob: QUOTAS.minRecords } } });
beforeEach(() => bench.start());
const temporary = tempFolder();

const batchOf = (more: Partial<BatchOptions>) =>
  createBatch(bench.optionsOf({ quotas: QUOTAS, mergeIdentical: true, ...more }));

/** Fifty different requests, three jobs, asked round after round. */
const DIFFERENT = 50;
const asking = (count: number) =>
  function* (): Generator<BatchRecord> {
    for (let index = 0; index < count; index += 1) {
      // Names that a line of a file could not hold as they are, and none at all.
      const name = index % 4 === 0 ? {} : { recordId: `r\t${index} "语"\n` };
      yield { ...name, input: inputOf(index % DIFFERENT, 50) };
    }
  };

describe('mergeIdentical', () => {
  it('pays the same request once over all jobs, and answers everybody in the order of the source', async () => {
    const results = await all(batchOf({ source: asking(500), order: 'input' }).run());
    expect(results.map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: 500 }, (_, index) => index));
    expect(results.map(({ recordId }) => recordId)).toEqual(
      results.map((_, index) => (index % 4 === 0 ? expect.any(String) : `r\t${index} "语"\n`)),
    );
    expect(new Set(results.map(({ recordId }) => recordId)).size).toBe(500);
    expect([bench.bedrock.bill().lines.length, bench.jobs().length]).toEqual([DIFFERENT, 3]);
    const answers = results.map((result) => (result.ok ? JSON.stringify(result.output) : 'none'));
    expect(answers).toEqual(answers.map((_, index) => answers[index % DIFFERENT]));
    expect(results.every((result, index) => result.ok && result.isShared === index >= DIFFERENT)).toBe(true);
    const cost = Money.sum(results.map((result) => (result.ok ? (result.cost ?? Money.zero) : Money.zero)));
    expect(cost.picoUsd).toBe(bench.bedrock.bill().total.picoUsd);
    expect(temporary.list()).toEqual([]);
  });

  it('shares failures as it shares answers, and answers of another attempt', async () => {
    const attempts = new Map<number, number>();
    await bench.start({
      batch: {
        limits: { minRecordsPerJob: QUOTAS.minRecords },
        trouble: {
          beforeRecord: ({ recordId }) => {
            const ordinal = ordinalOf(recordId);
            const before = attempts.get(ordinal) ?? 0;
            attempts.set(ordinal, before + 1);
            if (ordinal === 7) return { kind: 'recordError', errorCode: 400, errorMessage: 'bad request' };
            return ordinal >= 10 && ordinal < 20 && before === 0
              ? { kind: 'recordError', errorCode: 503, errorMessage: 'busy' }
              : undefined;
          },
        },
      },
    });
    const { failures, answered, error } = await outcome(batchOf({ source: asking(200) }).run());
    expect(error).toBeUndefined();
    expect(failures.map(({ ordinal }) => ordinal).sort((one, other) => one - other)).toEqual([
      7, 57, 107, 157,
    ]);
    expect([answered, bench.bedrock.bill().lines.length]).toEqual([196, DIFFERENT - 1]);
  });

  it('shares what goes one by one, and resumes without the source', async () => {
    const journal = memoryJournal();
    const source = Array.from({ length: 12 }, (_, index) => ({ input: inputOf(index % 3, 50) }));
    const first = batchOf({ source, onDemand: bench.runtime, journal });
    expect((await outcome(first.run())).answered).toBe(12);
    expect(bench.bedrock.bill().lines).toHaveLength(3);
    expect((await outcome(batchOf({ journal }).resume())).answered).toBe(12);
    expect(bench.bedrock.bill().lines).toHaveLength(3);
  });

  it('notices that others share now than the journal knows', async () => {
    const journal = memoryJournal();
    const source = (names: string) =>
      Array.from({ length: 10 }, (_, index) => ({
        recordId: index < 5 ? `r${index}` : `${names}${index}`,
        input: inputOf(index % 5, 50),
      }));
    await all(batchOf({ source: source('a'), journal }).run());
    const { error } = await outcome(batchOf({ source: source('b'), journal }).run());
    expect(error).toMatchObject({ code: 'COSTKIT_BATCH_JOURNAL_INVALID' });
    expect(bench.bedrock.bill().lines).toHaveLength(5);
  });

  it('leaves nothing on disk where its file of sharers is broken', async () => {
    const journal = memoryJournal();
    await all(batchOf({ source: asking(200), journal }).run());
    const [entry] = await journal.entries();
    const Key = `costkit-batch/input/${entry?.batch}/sharers`;
    const Body = await (
      await bench.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))
    ).Body?.transformToString();
    await bench.s3.send(
      new PutObjectCommand({ Bucket: BUCKET, Key, Body: Body?.replace('[3,53', '[3,"') ?? '' }),
    );
    await expect(all(batchOf({ journal }).resume())).rejects.toThrow(SyntaxError);
    expect(temporary.list()).toEqual([]);
  });
});

describe('openSharers', () => {
  it('reads them some at a time, however many and long they are', async () => {
    const options = bench.optionsOf();
    const sharers = createSharers(options, 'many');
    const wanted = new Map<number, Owner[]>();
    for (let ordinal = 1_000; ordinal < 9_000; ordinal += 1) {
      // One answer has most of them: more than are read at once.
      const first = ordinal % 5 === 0 ? ordinal % 700 : 3;
      const owner = { ordinal, recordId: `${'n'.repeat(ordinal % 90)}-语-${ordinal}` };
      await sharers.add(first, owner);
      wanted.set(first, [...(wanted.get(first) ?? []), owner]);
    }
    expect(await sharers.stage(false)).toMatchObject({ records: 8_000 });
    const lookup = await openSharers(options, 'many');
    for (const first of [3, 0, 5, 695, 4, 700, 1_000_000]) {
      const found: Owner[] = [];
      let groups = 0;
      for await (const owners of lookup.of(first) ?? []) {
        groups += 1;
        found.push(...owners);
      }
      expect(found).toEqual(wanted.get(first) ?? []);
      if (first === 3) expect(groups).toBeGreaterThan(3);
    }
    await lookup.close();
    expect(temporary.list()).toEqual([]);
  });
});
