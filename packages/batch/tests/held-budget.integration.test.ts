import { StopModelInvocationJobCommand } from '@aws-sdk/client-bedrock';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { Money, type PlannedSpend, type SpendGuard, withTags } from '@costkit/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { type BatchOptions, createBatch, memoryJournal } from '../src/index.js';
import { all, BUCKET, inputOf, localBench } from './local-bench.js';

const RECORDS = 100;

const bench = localBench();
beforeEach(() => bench.start());

/** A guard that writes down what it is asked, and refuses above a limit. */
function aGuard(limitUsd = 1): SpendGuard & { asked: PlannedSpend[]; settled: (Money | undefined)[] } {
  const guard = {
    asked: [] as PlannedSpend[],
    settled: [] as (Money | undefined)[],
    reserve: (spend: PlannedSpend) => {
      guard.asked.push(spend);
      if (spend.committed !== true && spend.amount.usd > limitUsd)
        return Promise.reject(new Error('no room'));
      return Promise.resolve({
        id: spend.id ?? `reservation-${guard.asked.length}`,
        settle: (spent: Money | undefined) => void guard.settled.push(spent),
      });
    },
  };
  return guard;
}

function batchOf(budget: SpendGuard, more: Partial<BatchOptions> = {}): ReturnType<typeof createBatch> {
  const batch = createBatch(bench.optionsOf({ budget, ...more }));
  for (let index = 0; index < RECORDS; index += 1) batch.add(`r${index}`, inputOf(index, 200));
  return batch;
}

const staged = async (): Promise<number> =>
  (await bench.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))).KeyCount ?? 0;

describe('createBatch with a budget', () => {
  it('holds the worst case of all records before it stages one, and settles at the bill', async () => {
    const guard = aGuard();
    const batch = batchOf(guard, { tags: { team: 'search' } });
    const { highest } = await batch.forecast();
    await all(batch.run());
    expect(guard.asked).toMatchObject([{ amount: highest, tags: { team: 'search' } }]);
    expect(guard.settled.map((spent) => spent?.picoUsd)).toEqual([bench.bedrock.bill().total.picoUsd]);
    expect(guard.settled[0]?.picoUsd).toBeGreaterThan(0n);
    expect(guard.settled[0]?.compare(highest ?? Money.zero)).toBeLessThan(0);
  });

  it('begins nothing where there is no room', async () => {
    const guard = aGuard(0.000_1);
    await expect(all(batchOf(guard).run())).rejects.toThrow('no room');
    expect([await staged(), bench.bedrock.bill().lines.length, guard.settled.length]).toEqual([0, 0, 0]);
  });

  it('asks for nothing that is paid already: the same journal again reads the answers once more', async () => {
    const guard = aGuard();
    const journal = memoryJournal();
    await all(batchOf(guard, { journal }).run());
    expect(await all(batchOf(guard, { journal }).run())).toHaveLength(RECORDS);
    expect([guard.asked.length, guard.settled.length]).toEqual([1, 1]);
  });

  /** As {@link bench}, where the first records of the first job fail. */
  const startFailing = (count: number, errorCode: number): Promise<void> =>
    bench.start({
      batch: {
        limits: { minRecordsPerJob: 10 },
        trouble: {
          beforeRecord: ({ index }) =>
            bench.jobs().length === 1 && index < count
              ? { kind: 'recordError', errorCode, errorMessage: 'no' }
              : undefined,
        },
      },
    });
  const quotas = { minRecords: 10 };

  it('holds nothing to read answers again where all that failed stays so', async () => {
    await startFailing(20, 400);
    const journal = memoryJournal();
    await all(batchOf(aGuard(), { journal, quotas }).run());
    const guard = aGuard(0);
    const results = await all(batchOf(guard, { journal, quotas }).run());
    expect(results.filter(({ ok }) => ok)).toHaveLength(80);
    expect([guard.asked, guard.settled]).toEqual([[], []]);
  });

  it('holds what is tried again, and no more, after what was paid has been read', async () => {
    await startFailing(20, 500);
    const journal = memoryJournal();
    const first = aGuard();
    await all(batchOf(first, { journal, quotas, retries: 0 }).run());
    const paid = bench.bedrock.bill().total;
    const poor = aGuard(0);
    const read: string[] = [];
    const again = async (): Promise<void> => {
      for await (const { ok, recordId } of batchOf(poor, { journal, quotas, retries: 0 }).run())
        if (ok) read.push(recordId);
    };
    await expect(again()).rejects.toThrow('no room');
    expect(read).toHaveLength(80);
    expect(bench.bedrock.bill().total.picoUsd).toBe(paid.picoUsd);
    const guard = aGuard();
    const results = await all(batchOf(guard, { journal, quotas, retries: 0 }).run());
    expect(results.filter(({ ok }) => ok)).toHaveLength(100);
    const share = (guard.asked[0]?.amount.usd as number) / (first.asked[0]?.amount.usd as number);
    expect(guard.asked).toHaveLength(1);
    expect(share).toBeCloseTo(0.2, 1);
    expect(guard.settled.map((spent) => spent?.picoUsd)).toEqual([
      bench.bedrock.bill().total.picoUsd - paid.picoUsd,
    ]);
  });

  it('holds all of a batch whose records could not all be staged before', async () => {
    await startFailing(0, 400);
    const journal = memoryJournal();
    const guard = aGuard();
    let reads = 0;
    const source = async function* () {
      reads += 1;
      // The first is for the forecast.
      const breaks = reads === 2;
      for (let index = 0; index < RECORDS; index += 1) {
        if (index === 60 && breaks) throw new Error('the source broke off');
        yield { recordId: `r${index}`, input: inputOf(index, 200) };
      }
    };
    const options = { journal, budget: guard, quotas: { minRecords: 10, maxRecords: 20 } };
    const run = (): Promise<unknown> => all(createBatch(bench.optionsOf({ ...options, source })).run());
    await expect(run()).rejects.toThrow('the source broke off');
    await run();
    expect(guard.settled.map((spent) => spent?.picoUsd)).toEqual([0n, bench.bedrock.bill().total.picoUsd]);
  });

  it('keeps what it holds while jobs go on without it, and a later run settles it', async () => {
    const guard = aGuard();
    const journal = memoryJournal();
    const leaving = new AbortController();
    const left = batchOf(guard, {
      journal,
      signal: leaving.signal,
      onProgress: () => leaving.abort(new Error('the process ends')),
    });
    await expect(all(left.run())).rejects.toThrow('the process ends');
    expect(guard.settled).toEqual([]);
    await all(batchOf(guard, { journal }).resume());
    expect(guard.asked[1]).toMatchObject({
      id: 'reservation-1',
      committed: true,
      amount: guard.asked[0]?.amount,
      at: guard.asked[0]?.at,
    });
    expect(guard.settled.map((spent) => spent?.picoUsd)).toEqual([bench.bedrock.bill().total.picoUsd]);
  });

  it('books what a stopped job had answered, and gives the rest back', async () => {
    await bench.start({ trouble: [{ action: { type: 'stopBatchJob', afterRecords: 40 } }] });
    const guard = aGuard();
    const results = await all(batchOf(guard).run());
    expect(results.filter(({ ok }) => ok)).toHaveLength(40);
    expect(guard.settled.map((spent) => spent?.picoUsd)).toEqual([bench.bedrock.bill().total.picoUsd]);
  });

  it('gives all back when the job is cancelled before it begins', async () => {
    const guard = aGuard();
    let cancelled = false;
    const batch = batchOf(guard, {
      onProgress: ({ jobArn }) => {
        if (cancelled) return;
        cancelled = true;
        void bench.control.send(new StopModelInvocationJobCommand({ jobIdentifier: jobArn }));
      },
    });
    await all(batch.run());
    expect(guard.settled.map((spent) => spent?.picoUsd)).toEqual([bench.bedrock.bill().total.picoUsd]);
    expect(guard.settled[0]?.picoUsd).toBe(0n);
  });

  it('gives all back when nothing could be staged', async () => {
    const guard = aGuard();
    await expect(all(batchOf(guard, { bucket: 'no-such-bucket' }).run())).rejects.toMatchObject({
      code: 'COSTKIT_BATCH_BUCKET_MISSING',
    });
    expect(guard.settled).toEqual([Money.zero]);
  });

  it('keeps what it holds when its reader leaves early: the answers unread are paid', async () => {
    const guard = aGuard();
    for await (const _ of batchOf(guard).run()) break;
    expect(guard.settled).toEqual([]);
  });

  it('refuses records whose worst case nobody can say', async () => {
    const guard = aGuard();
    const batch = batchOf(guard);
    batch.add('uncapped', { messages: [{ role: 'user', content: [{ text: 'Write a novel.' }] }] });
    await expect(all(batch.run())).rejects.toMatchObject({ code: 'COSTKIT_BATCH_TOO_EXPENSIVE' });
    expect(guard.asked).toEqual([]);
  });

  it('leaves the tags to the guard where it is given none', async () => {
    const guard = aGuard();
    await withTags({ team: 'search' }, () => all(batchOf(guard).run()));
    expect(guard.asked[0]).not.toHaveProperty('tags');
  });
});
