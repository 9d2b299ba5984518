import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { Money } from '@costkit/core';
import type { BatchInterruption } from '@costkit/local';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type BatchOptions,
  type BatchRecord,
  type BatchResult,
  createBatch,
  memoryJournal,
} from '../src/index.js';
import { all, BUCKET, inputOf, localBench, outcome } from './local-bench.js';

// Small jobs, so that a few records are several of them.
const QUOTAS = { minRecords: 5, maxRecords: 20 };
const bench = localBench();
const start = (
  beforeRecord: (place: { index: number; jobName: string }) => BatchInterruption | undefined = () =>
    undefined,
): Promise<void> =>
  bench.start({
    batch: {
      limits: { minRecordsPerJob: QUOTAS.minRecords, maxRecordsPerJob: QUOTAS.maxRecords },
      trouble: { beforeRecord: ({ index, job }) => beforeRecord({ index, jobName: job.request.jobName }) },
    },
  });
beforeEach(() => start());

const records = (count: number, input: (index: number) => object = (index) => inputOf(index, 50)) =>
  function* (): Generator<BatchRecord> {
    for (let index = 0; index < count; index += 1)
      yield { recordId: `r${index}`, input: { ...input(index) } };
  };
const batchOf = (more: Partial<BatchOptions> = {}) =>
  createBatch(bench.optionsOf({ quotas: QUOTAS, ...more }));
const costOf = (results: readonly BatchResult[]): bigint =>
  Money.sum(results.map((result) => (result.ok ? (result.cost ?? Money.zero) : Money.zero))).picoUsd;
const idsOf = (results: readonly BatchResult[]): string[] => results.map(({ recordId }) => recordId);
const wanted = (count: number): string[] => Array.from({ length: count }, (_, index) => `r${index}`);

describe('a batch of a source', () => {
  it('answers every record once, over as many jobs as it takes, to the digit of the bill', async () => {
    const results = await all(batchOf({ source: records(93) }).run());
    expect(new Set(idsOf(results))).toEqual(new Set(wanted(93)));
    expect(results.map(({ ordinal }) => ordinal).sort((one, other) => one - other)).toEqual(
      wanted(93).map((_, index) => index),
    );
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(costOf(results)).toBe(bench.bedrock.bill().total.picoUsd);
    expect(bench.jobs()).toHaveLength(5);
  });

  it('names records without an id by their place and a hash, the same in every run', async () => {
    const source = () => Array.from({ length: 6 }, (_, index) => ({ input: inputOf(index) }));
    const journal = memoryJournal();
    const ids = idsOf(await all(batchOf({ source, journal, order: 'input' }).run()));
    expect(ids[0]).toMatch(/^0{8}[0-9a-f]{12}$/);
    expect(ids[5]).toMatch(/^0{7}5[0-9a-f]{12}$/);
    expect(idsOf(await all(batchOf({ journal, order: 'input' }).resume()))).toEqual(ids);
  });

  it('hands results on in the order of the source, refused and retried ones too', async () => {
    await start(({ index, jobName }) =>
      index === 3 && jobName.length % 2 === 0
        ? { kind: 'recordError', errorCode: 500, errorMessage: 'internal' }
        : undefined,
    );
    const source = records(64, (index) => (index % 10 === 7 ? { messages: [] } : inputOf(index)));
    const results = await all(batchOf({ source, order: 'input', onDemand: bench.runtime, retries: 1 }).run());
    expect(idsOf(results)).toEqual(wanted(64));
    expect(results.filter(({ ok }) => !ok).map(({ ordinal }) => ordinal)).toEqual([7, 17, 27, 37, 47, 57]);
    expect(results[7]).toMatchObject({ errorCode: 'InvalidRecord' });
    expect(costOf(results)).toBe(bench.bedrock.bill().total.picoUsd);
  });

  it('reports a record that is too large for a job, and sends the others', async () => {
    const lengthOf: Readonly<Record<number, number>> = { 4: 9_500, 5: 6_000 };
    const source = records(12, (index) => inputOf(index, 50, 'x'.repeat(lengthOf[index] ?? 1)));
    const results = await all(batchOf({ source, quotas: { ...QUOTAS, maxBytes: 10_000 } }).run());
    const failures = results.filter(({ ok }) => !ok);
    expect(failures).toMatchObject([{ recordId: 'r4', errorCode: 'RecordTooLarge' }]);
    expect(results).toHaveLength(12);
  });

  it('sends long records that are too few for a job one by one, or says before anything is paid that they are', async () => {
    const source = records(4, (index) => inputOf(index, 50, 'x'.repeat(500)));
    const quotas = { ...QUOTAS, maxBytes: 10_000 };
    const alone = await outcome(batchOf({ source, quotas }).run());
    expect(alone.error).toMatchObject({ code: 'COSTKIT_BATCH_TOO_FEW_RECORDS' });
    expect((await bench.s3.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }))).Uploads ?? []).toEqual(
      [],
    );
    const { answered, list } = await outcome(batchOf({ source, quotas, onDemand: bench.runtime }).run());
    expect([answered, bench.jobs().length]).toEqual([4, 0]);
    expect(costOf(list)).toBe(bench.bedrock.bill().total.picoUsd);
  });

  it('fills jobs with long records, and says what a last one of too few waits for', async () => {
    const source = records(16, (index) => inputOf(index, 50, 'x'.repeat(1_300)));
    const quotas = { ...QUOTAS, maxBytes: 10_000 };
    const { failures, answered, error } = await outcome(batchOf({ source, quotas }).run());
    expect([answered, failures.length, error]).toEqual([12, 4, undefined]);
    expect(failures.every(({ errorCode }) => errorCode === 'NotSent')).toBe(true);
    expect(failures[0]?.errorMessage).toContain('"onDemand"');
  });

  it('says so of every record where none can be sent', async () => {
    const { list, error } = await outcome(batchOf({ source: records(8, () => ({ messages: [] })) }).run());
    expect(error).toBeUndefined();
    expect(list.every((result) => !result.ok && result.errorCode === 'InvalidRecord')).toBe(true);
    expect([list.length, bench.jobs().length]).toEqual([8, 0]);
  });

  it('pays identical requests once, and answers all who asked', async () => {
    const source = records(60, (index) => inputOf(index % 6, 50));
    const results = await all(batchOf({ source, mergeIdentical: true }).run());
    expect(new Set(idsOf(results)).size).toBe(60);
    expect(bench.bedrock.bill().lines).toHaveLength(6);
    expect(costOf(results)).toBe(bench.bedrock.bill().total.picoUsd);
    expect(results.filter((result) => result.ok && result.isShared)).toHaveLength(54);
    const texts = new Map(
      results.map((result) => [result.ordinal, result.ok ? JSON.stringify(result.output['output']) : '']),
    );
    expect(texts.get(7)).toBe(texts.get(1));
  });

  it('leaves no half upload behind when its source breaks', async () => {
    const source = function* (): Generator<BatchRecord> {
      yield* records(200)();
      throw new Error('the file ends here');
    };
    await expect(all(batchOf({ source }).run())).rejects.toThrow('the file ends here');
    const { Uploads = [] } = await bench.s3.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
    expect([Uploads.length, bench.jobs().length]).toEqual([0, 0]);
  });

  it('reckons a source that can be read only once while it stages, and begins no job above maxUsd', async () => {
    const journal = memoryJournal();
    const dear = batchOf({ source: records(30)(), maxUsd: '0.000001', journal });
    await expect(dear.forecast()).rejects.toMatchObject({ code: 'COSTKIT_BATCH_SOURCE_READ_ONCE' });
    await expect(all(dear.run())).rejects.toMatchObject({ code: 'COSTKIT_BATCH_TOO_EXPENSIVE' });
    expect(bench.jobs()).toHaveLength(0);
    // What is staged is not lost: with a limit that suffices it goes on without the source.
    expect((await outcome(batchOf({ journal, maxUsd: 1 }).resume())).answered).toBe(30);
  });

  it('stages nothing above maxUsd where the source can be read twice', async () => {
    await expect(all(batchOf({ source: records(30), maxUsd: '0.000001' }).run())).rejects.toMatchObject({
      code: 'COSTKIT_BATCH_TOO_EXPENSIVE',
    });
    expect((await bench.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))).KeyCount).toBe(0);
  });

  it('refuses to resume what is not all staged', async () => {
    await expect(all(batchOf().resume())).rejects.toMatchObject({ code: 'COSTKIT_BATCH_NOT_STAGED' });
  });
});

describe('records that failed', () => {
  const flaky = (times: number) => {
    const seen = new Map<number, number>();
    return ({ index }: { index: number }): BatchInterruption | undefined => {
      if (index % 2 === 1) return undefined;
      const before = seen.get(index) ?? 0;
      seen.set(index, before + 1);
      return before < times ? { kind: 'recordError', errorCode: 429, errorMessage: 'throttled' } : undefined;
    };
  };

  it('get another job, they alone, and are paid once', async () => {
    await start(flaky(1));
    const results = await all(batchOf({ source: records(20) }).run());
    expect([results.length, results.every(({ ok }) => ok)]).toEqual([20, true]);
    expect(bench.jobs()).toHaveLength(2);
    expect(bench.bedrock.bill().lines).toHaveLength(20);
  });

  it('stay failed after so many attempts, with their own reason', async () => {
    await start(flaky(99));
    const { failures, error } = await outcome(batchOf({ source: records(20), retries: 1 }).run());
    expect(error).toBeUndefined();
    expect(failures.length).toBeGreaterThanOrEqual(5);
    expect(failures.every(({ errorCode }) => errorCode === '429')).toBe(true);
    expect(bench.jobs()).toHaveLength(2);
  });

  it('go one by one where they are too few for a job, at the flex tier', async () => {
    await start(({ index }) =>
      index === 3 ? { kind: 'recordError', errorCode: 503, errorMessage: 'busy' } : undefined,
    );
    const results = await all(batchOf({ source: records(20), onDemand: bench.runtime }).run());
    expect(
      results.filter((result) => result.ok && result.mode === 'flex').map(({ recordId }) => recordId),
    ).toEqual(['r3']);
    expect(bench.jobs()).toHaveLength(1);
    expect(costOf(results)).toBe(bench.bedrock.bill().total.picoUsd);
  });

  it('are not sent again where another attempt would fail too', async () => {
    await start(({ index }) =>
      index < 6 ? { kind: 'recordError', errorCode: 400, errorMessage: 'bad request' } : undefined,
    );
    const { failures } = await outcome(batchOf({ source: records(20), onDemand: bench.runtime }).run());
    expect([failures.length, bench.jobs().length]).toEqual([6, 1]);
  });
});

describe('records that no job takes', () => {
  it('go on demand, where the model takes no batch and has no flex tier', async () => {
    const model = 'us.anthropic.claude-opus-5-5';
    const results = await all(batchOf({ model, source: records(12), onDemand: bench.runtime }).run());
    expect(results.every((result) => result.ok && result.mode === 'on-demand')).toBe(true);
    expect(costOf(results)).toBe(bench.bedrock.bill().total.picoUsd);
  });

  it('go on demand, where flex has no room', async () => {
    await bench.start({
      trouble: [{ operation: 'Converse', calls: [1, 2, 3, 4], action: { type: 'throttle' } }],
    });
    const runtime = new BedrockRuntimeClient({ ...bench.bedrock.clientConfig, maxAttempts: 1 });
    const results = await all(batchOf({ source: records(4), onDemand: runtime }).run());
    runtime.destroy();
    expect(results.map((result) => result.ok && result.mode)).toEqual(Array(4).fill('on-demand'));
  });

  it('are not sent above what maxUsd has left', async () => {
    const batch = batchOf({ source: records(4, (index) => inputOf(index, 5_000)), onDemand: bench.runtime });
    const highest = (await batch.forecast()).alternatives.find(({ way }) => way === 'on-demand')?.highest;
    const maxUsd = highest?.toUsdString() ?? '';
    const results = await all(
      batchOf({
        source: records(4, (index) => inputOf(index, 5_000)),
        onDemand: bench.runtime,
        maxUsd,
      }).run(),
    );
    expect(results.every(({ ok }) => ok)).toBe(true);
    const journal = memoryJournal();
    const first = batchOf({ source: records(4), onDemand: bench.runtime, journal });
    expect((await outcome(first.run())).answered).toBe(4);
  });

  it('keep their answers: a second run asks nobody', async () => {
    const journal = memoryJournal();
    const first = await all(batchOf({ source: records(4), onDemand: bench.runtime, journal }).run());
    const again = await all(batchOf({ source: records(4), onDemand: bench.runtime, journal }).run());
    expect(costOf(again)).toBe(costOf(first));
    expect(bench.bedrock.bill().lines).toHaveLength(4);
  });
});

describe('a deadline', () => {
  const HOUR_MS = 3_600_000;
  const slow = { timings: { recordMs: HOUR_MS / 3 } };

  it('that is near sends everything one by one', async () => {
    const deadline = new Date(bench.clock.now() + HOUR_MS / 2);
    const results = await all(batchOf({ source: records(20), onDemand: bench.runtime, deadline }).run());
    expect([results.every(({ ok }) => ok), bench.jobs().length]).toEqual([true, 0]);
  });

  it('stops the job in time, reads what it has answered, and sends the rest one by one', async () => {
    await bench.start({ batch: { ...slow, limits: { minRecordsPerJob: QUOTAS.minRecords } } });
    const deadline = new Date(bench.clock.now() + 3 * HOUR_MS);
    const { runtime: onDemand } = bench;
    const results = await all(
      batchOf({ source: records(20), onDemand, deadline, retries: 0, pollMs: 60_000 }).run(),
    );
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(new Set(idsOf(results)).size).toBe(20);
    const modes = results.map((result) => result.ok && result.mode);
    expect(modes).toContain('batch');
    expect(modes).toContain('flex');
    // Half an hour is kept for the rest. How long the service then takes is no matter of this clock: it runs ahead of disks.
    const stop = bench.bedrock.requests().find(({ operation }) => operation === 'StopModelInvocationJob');
    const beforeMs = deadline.getTime() - (stop?.at.getTime() ?? 0);
    expect(beforeMs).toBeLessThanOrEqual(HOUR_MS / 2);
    expect(beforeMs).toBeGreaterThanOrEqual(HOUR_MS / 2 - 60_000);
    expect(costOf(results)).toBe(bench.bedrock.bill().total.picoUsd);
  });
});

describe('a policy', () => {
  const policy = {
    tiers: [
      { name: 'cheap', modelId: 'us.amazon.nova-micro-v1:0' },
      { name: 'strong', modelId: 'us.amazon.nova-2-lite-v1:0' },
    ],
    policy: { tasks: { tag: { tier: 'cheap' } } },
    task: 'tag',
  };

  it('refuses a model above what the task needs, unless told otherwise, and then shows the other', async () => {
    expect(() => batchOf({ policy })).toThrow(
      expect.objectContaining({ code: 'COSTKIT_BATCH_MODEL_ABOVE_POLICY' }),
    );
    const { alternatives } = await batchOf({
      policy: { ...policy, allowAbove: true },
      source: records(8),
    }).forecast();
    expect(alternatives.find(({ way }) => way === 'smaller-model')).toMatchObject({
      model: 'us.amazon.nova-micro-v1:0',
      isCheaper: true,
    });
  });

  it('refuses a model that no tier names and that is dearer, and knows the task by its tag', () => {
    expect(() =>
      batchOf({
        model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
        policy: { tiers: policy.tiers, policy: policy.policy },
        tags: { task: 'tag' },
      }),
    ).toThrow(expect.objectContaining({ code: 'COSTKIT_BATCH_MODEL_ABOVE_POLICY' }));
  });

  it('says nothing of tasks that it does not name, nor of what the task needs', () => {
    expect(() => batchOf({ policy: { ...policy, task: 'another' } })).not.toThrow();
    expect(() => batchOf({ policy, model: 'us.amazon.nova-micro-v1:0' })).not.toThrow();
  });

  it.each([
    ['policy.tiers', { ...policy, tiers: [] }],
    ['policy.nonsense', { ...policy, nonsense: 1 }],
  ])('says what is wrong with %s', (name, given) => {
    expect(() => batchOf({ policy: given as never })).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION', message: expect.stringContaining(name) }),
    );
  });
});

describe('jobs of several batches', () => {
  it('share the room that the account has for a model', async () => {
    await bench.start({ batch: { limits: { minRecordsPerJob: QUOTAS.minRecords, maxJobsPerModel: 2 } } });
    const quotas = { ...QUOTAS, maxOpenJobs: 5 };
    const runs = ['a', 'b'].map((prefix) => all(batchOf({ source: records(60), quotas, prefix }).run()));
    const [one = [], other = []] = await Promise.all(runs);
    expect([one.length, other.length]).toEqual([60, 60]);
    // Where others have taken the room, a job waits until there is some.
    expect(bench.bedrock.bill().lines).toHaveLength(120);
  });
});

describe('a batch by its name', () => {
  it('finds its jobs again where the journal is lost', async () => {
    const first = await all(batchOf({ source: records(20), name: 'nightly' }).run());
    const again = await all(batchOf({ source: records(20), name: 'nightly' }).run());
    expect(costOf(again)).toBe(costOf(first));
    expect(bench.bedrock.bill().lines).toHaveLength(20);
    await all(batchOf({ source: records(20), name: 'another' }).run());
    expect(bench.bedrock.bill().lines).toHaveLength(40);
  });
});

describe('status and stop', () => {
  it('say how far a batch is, and stop what runs', async () => {
    const limits = { minRecordsPerJob: QUOTAS.minRecords };
    await bench.start({ batch: { timings: { recordMs: 3_600_000 }, limits } });
    const journal = memoryJournal();
    const leaving = new AbortController();
    const batch = batchOf({ source: records(20), journal, signal: leaving.signal, clock: bench.passive });
    expect(await batch.status()).toEqual({ state: 'empty', records: undefined, jobs: [] });
    const running = outcome(batch.run());
    const other = batchOf({ journal });
    while ((await other.status()).jobs[0]?.jobArn === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await other.status()).toMatchObject({ state: 'running', records: 20, jobs: [{ records: 20 }] });
    expect(await other.stop()).toHaveLength(1);
    leaving.abort(new Error('enough'));
    expect((await running).error).toMatchObject({ message: 'enough' });
    const { failures, error } = await outcome(other.resume());
    expect([failures.length, error]).toEqual([20, undefined]);
    expect(failures.every(({ errorCode }) => errorCode === 'Stopped')).toBe(true);
    expect(await other.status()).toMatchObject({ state: 'over', jobs: [{ status: 'Stopped' }] });
    expect(await other.stop()).toEqual([]);
  });
});
