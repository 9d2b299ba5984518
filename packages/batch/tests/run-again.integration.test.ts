import { onReceipt, type Receipt } from '@costkit/core';
import type { BatchInterruption } from '@costkit/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BatchOptions, createBatch, type Journal, memoryJournal } from '../src/index.js';
import { all, inputOf, localBench, outcome } from './local-bench.js';

const QUOTAS = { minRecords: 5, maxRecords: 20 };
const HOUR_MS = 3_600_000;
const bench = localBench();
const slow = { timings: { recordMs: HOUR_MS / 3 } };
const start = (
  beforeRecord: (index: number) => BatchInterruption | undefined = () => undefined,
  more: object = {},
): Promise<void> =>
  bench.start({
    batch: {
      limits: { minRecordsPerJob: QUOTAS.minRecords },
      trouble: { beforeRecord: ({ index }) => beforeRecord(index) },
      ...more,
    },
  });
beforeEach(() => start());

const recordsOf = (count: number, textOf: (index: number) => string | undefined = () => undefined) =>
  Array.from({ length: count }, (_, index) => ({
    recordId: `r${index}`,
    input: inputOf(index, 50, textOf(index)),
  }));
const batchOf = (more: Partial<BatchOptions> = {}) =>
  createBatch(bench.optionsOf({ quotas: QUOTAS, source: recordsOf(20), ...more }));

let stopListening: () => void = () => undefined;
afterEach(() => stopListening());
/** Receipts that are told from now on. */
function heard(): Receipt[] {
  const receipts: Receipt[] = [];
  stopListening = onReceipt((receipt) => receipts.push(receipt));
  return receipts;
}

describe('a batch that is run again', () => {
  const twoFail = (index: number): BatchInterruption | undefined =>
    index < 2 ? { kind: 'recordError', errorCode: 500, errorMessage: 'internal' } : undefined;

  it('hands on the same where those that failed are too few for a job and nobody sends them', async () => {
    await start(twoFail);
    const journal = memoryJournal();
    for (const results of [
      batchOf({ journal }).run(),
      batchOf({ journal }).run(),
      batchOf({ journal }).resume(),
    ]) {
      const { answered, failures, error } = await outcome(results);
      expect([answered, failures.map(({ errorCode }) => errorCode), error]).toEqual([
        18,
        ['500', '500'],
        undefined,
      ]);
    }
    expect(bench.bedrock.bill().lines).toHaveLength(18);
  });

  it('sends those one by one once it has a client, and tells their receipts alone', async () => {
    await start(twoFail);
    const journal = memoryJournal();
    await all(batchOf({ journal }).run());
    const receipts = heard();
    const { answered, error } = await outcome(batchOf({ journal, onDemand: bench.runtime }).run());
    expect([answered, error]).toEqual([20, undefined]);
    expect(receipts.map(({ mode, error: reason }) => reason ?? mode)).toEqual(['flex', 'flex']);
    expect(bench.bedrock.bill().lines).toHaveLength(20);
  });

  it('tells the receipts of those that were refused one by one and are answered now, under other ids', async () => {
    await bench.start({
      trouble: [
        { operation: 'Converse', calls: [1], action: { type: 'error', code: 'ValidationException' } },
      ],
    });
    const journal = memoryJournal();
    const options = { journal, onDemand: bench.runtime, source: recordsOf(3) };
    const receipts = heard();
    expect((await outcome(batchOf(options).run())).answered).toBe(2);
    const before = receipts.splice(0);
    expect((await outcome(batchOf(options).run())).answered).toBe(3);
    expect(receipts.map(({ mode }) => mode)).toEqual(['flex']);
    expect(before.map(({ id }) => id)).not.toContain(receipts[0]?.id);
  });

  it('knows its records again where some are long and all are too few for a job', async () => {
    const journal = memoryJournal();
    const source = recordsOf(12, (index) => (index === 6 ? 'many words '.repeat(60_000) : undefined));
    const options = { journal, source, onDemand: bench.runtime, quotas: {} };
    await all(batchOf(options).run());
    const { answered, error } = await outcome(batchOf(options).run());
    expect([answered, error]).toEqual([12, undefined]);
    const { onDemand: _, ...without } = options;
    expect((await outcome(batchOf(without).run())).answered).toBe(12);
    expect(bench.bedrock.bill().lines).toHaveLength(12);
  });
});

it('sends bytes one by one as they were, those of redacted thinking too', async () => {
  const thinking = Buffer.from([1, 2, 255]);
  const input = {
    messages: [
      { role: 'user', content: [{ image: { format: 'png', source: { bytes: new Uint8Array([9]) } } }] },
      { role: 'assistant', content: [{ reasoningContent: { redactedContent: thinking } }, { text: 'Yes.' }] },
      { role: 'user', content: [{ text: 'Why?' }] },
    ],
  };
  const sent: unknown[] = [];
  const onDemand: NonNullable<BatchOptions['onDemand']> = {
    send: ({ input: { messages } }: { input: typeof input }) => {
      sent.push(messages);
      return Promise.resolve({ output: { message: { role: 'assistant', content: [] } } });
    },
  };
  await all(batchOf({ source: [{ recordId: 'one', input }], onDemand }).run());
  expect(sent).toEqual([
    [
      { role: 'user', content: [{ image: { format: 'png', source: { bytes: Buffer.from([9]) } } }] },
      input.messages[1],
      input.messages[2],
    ],
  ]);
});

describe('a deadline', () => {
  const deadlineIn = (hours: number): Date => new Date(bench.clock.now() + hours * HOUR_MS);

  it('begins no other job where its jobs were stopped and nobody sends the rest', async () => {
    await start(undefined, slow);
    const journal = memoryJournal();
    const options = { journal, pollMs: 60_000 };
    const first = await outcome(batchOf({ ...options, deadline: deadlineIn(3) }).run());
    expect(new Set(first.failures.map(({ errorCode }) => errorCode))).toEqual(new Set(['Deadline']));
    expect(bench.jobs()).toHaveLength(1);
    expect((await outcome(batchOf({ ...options, deadline: deadlineIn(90) }).run())).answered).toBe(20);
    expect(bench.jobs()).toHaveLength(2);
  });

  it('is still what a job was stopped for when the process dies before it has seen the end', async () => {
    await start(undefined, slow);
    const kept = memoryJournal();
    const dying: Journal = {
      entries: () => kept.entries(),
      append: (entry) => (entry.step === 'ended' ? Promise.reject(new Error('killed')) : kept.append(entry)),
    };
    const options = { deadline: deadlineIn(3), onDemand: bench.runtime, pollMs: 60_000 };
    expect((await outcome(batchOf({ ...options, journal: dying }).run())).error).toMatchObject({
      message: 'killed',
    });
    const { answered, error } = await outcome(batchOf({ ...options, journal: kept }).run());
    expect([answered, error]).toEqual([20, undefined]);
  });

  it('is kept where the account has no room for a job all the time', async () => {
    await bench.start({
      trouble: [
        {
          operation: 'CreateModelInvocationJob',
          calls: Array.from({ length: 1_000 }, (_, call) => call + 1),
          action: { type: 'error', code: 'ServiceQuotaExceededException' },
        },
      ],
    });
    const deadline = deadlineIn(3);
    const { list, answered } = await outcome(batchOf({ deadline, onDemand: bench.runtime }).run());
    expect([answered, list.every((result) => result.ok && result.mode === 'flex')]).toEqual([20, true]);
    expect(bench.clock.now()).toBeLessThan(deadline.getTime());
  });

  it('is kept where other jobs leave no room until it is near', async () => {
    await start(undefined, slow);
    const deadline = deadlineIn(3);
    const quotas = { ...QUOTAS, maxRecords: 10, maxOpenJobs: 1 };
    const { answered } = await outcome(
      batchOf({ deadline, quotas, onDemand: bench.runtime, pollMs: 60_000 }).run(),
    );
    expect([answered, bench.jobs().length]).toEqual([20, 1]);
  });
});
