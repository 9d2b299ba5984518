import {
  collectReceipts,
  deriveClient,
  leverPlugin,
  Money,
  onReceipt,
  type Receipt,
  withTags,
} from '@costkit/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { type BatchOptions, type BatchResult, createBatch, memoryJournal } from '../src/index.js';
import { all, inputOf, localBench, MODEL } from './local-bench.js';

const QUOTAS = { minRecords: 5, maxRecords: 20 };
const RECORDS = 12;
const bench = localBench({ batch: { limits: { minRecordsPerJob: QUOTAS.minRecords } } });
beforeEach(() => bench.start());

const records = (count = RECORDS, more: object = {}) =>
  Array.from({ length: count }, (_, index) => ({
    recordId: `r${index}`,
    input: { ...inputOf(index, 50), ...more },
  }));
const batchOf = (more: Partial<BatchOptions> = {}) =>
  createBatch(bench.optionsOf({ quotas: QUOTAS, source: records(), ...more }));
const receiptsOf = (results: readonly BatchResult[]): Receipt[] => results.map(({ receipt }) => receipt);
const sum = (amounts: readonly (Money | undefined)[]): bigint =>
  Money.sum(amounts.map((amount) => amount ?? Money.zero)).picoUsd;

describe('the receipt of a result', () => {
  it('says what the answer has cost, to the digit of the bill, and what it would have cost on demand', async () => {
    const receipts = receiptsOf(await all(batchOf({ tags: { team: 'search' } }).run()));
    expect(sum(receipts.map(({ cost }) => cost))).toBe(bench.bedrock.bill().total.picoUsd);
    for (const receipt of receipts) {
      expect(receipt).toMatchObject({
        operation: 'Converse',
        requestedModel: MODEL,
        servedModel: 'amazon.nova-2-lite-v1:0',
        region: 'us-east-1',
        scope: 'geo:us',
        mode: 'batch',
        tags: { team: 'search' },
        stopReason: 'max_tokens',
        baselineQuality: 'exact',
        quality: 'measured',
        settled: true,
        attempts: [{ mode: 'batch', complete: true, usage: receipt.usage }],
        decisions: [{ lever: 'batch', mode: 'enforce', action: 'answered by a batch job' }],
      });
      expect(receipt.saved?.picoUsd).toBe(receipt.cost?.picoUsd);
      expect(receipt.latencyMs).toBeGreaterThan(0);
      expect(receipt.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
    expect(new Set(receipts.map(({ id }) => id)).size).toBe(RECORDS);
  });

  it('reaches collectReceipts and every listener, once, with the tags of its scope', async () => {
    const heard: Receipt[] = [];
    const stop = onReceipt((receipt) => heard.push(receipt));
    const journal = memoryJournal();
    const { result, receipts } = await collectReceipts(() =>
      withTags({ feature: 'nightly' }, () => all(batchOf({ journal }).run())),
    );
    const again = await all(batchOf({ journal }).run());
    stop();
    expect(receipts).toEqual(receiptsOf(result));
    expect(heard).toEqual(receipts);
    expect(receipts.every(({ tags }) => tags['feature'] === 'nightly')).toBe(true);
    // Read again for nothing, they are known by their ids.
    expect(receiptsOf(again).map(({ id }) => id)).toEqual(receipts.map(({ id }) => id));
  });

  it('is told again under the same id where a process died before its run was over', async () => {
    const journal = memoryJournal();
    const heard: string[] = [];
    const stop = onReceipt(({ id }) => heard.push(id));
    for await (const { receipt } of batchOf({ journal }).run()) if (receipt.id === heard[3]) break;
    const before = [...heard];
    await all(batchOf({ journal }).run());
    stop();
    expect(before.length).toBeGreaterThan(3);
    expect(new Set(heard).size).toBe(RECORDS);
  });

  it('says of a record without an answer why, and that it has cost nothing', async () => {
    await bench.start({
      batch: {
        limits: { minRecordsPerJob: QUOTAS.minRecords },
        trouble: { beforeRecord: ({ index }) => (index === 4 ? { kind: 'stop' } : undefined) },
      },
    });
    const { result, receipts } = await collectReceipts(() => all(batchOf().run()));
    const failed = result.filter(({ ok }) => !ok);
    expect([failed.length, receipts.length]).toEqual([RECORDS - 4, RECORDS]);
    for (const { receipt } of failed) {
      expect(receipt).toMatchObject({
        error: 'Stopped',
        attempts: [],
        baseline: undefined,
        saved: undefined,
      });
      expect(receipt.cost?.picoUsd).toBe(0n);
    }
  });

  it('of a shared answer costs nothing, and saves all of it', async () => {
    const source = [...records(), { recordId: 'same', input: inputOf(3, 50) }];
    const results = await all(batchOf({ source, mergeIdentical: true }).run());
    const [first, same] = ['r3', 'same'].map(
      (id) => results.find(({ recordId }) => recordId === id)?.receipt,
    );
    expect(same).toMatchObject({ attempts: [], decisions: [{ action: 'shared an answer' }] });
    expect([same?.cost?.picoUsd, same?.saved?.picoUsd]).toEqual([0n, first?.baseline?.picoUsd]);
    expect(sum(receiptsOf(results).map(({ cost }) => cost))).toBe(bench.bedrock.bill().total.picoUsd);
  });

  it.each([
    ['cache points', { system: [{ text: 'Be kind.' }, { cachePoint: { type: 'default' } }] }],
    ['a tier', { serviceTier: { type: 'priority' } }],
    ['optimised latency', { performanceConfig: { latency: 'optimized' } }],
  ])('has no exact baseline where records had %s', async (_, more) => {
    const results = await all(batchOf({ source: records(RECORDS, more) }).run());
    expect(results.every(({ ok, receipt }) => ok && receipt.baselineQuality === 'estimated')).toBe(true);
  });

  it('of what goes one by one is told by the client where that has receipts, else by the batch', async () => {
    const few = { source: records(3) };
    const bare = await collectReceipts(() => all(batchOf({ ...few, onDemand: bench.runtime }).run()));
    expect(bare.receipts).toEqual(receiptsOf(bare.result));
    expect(bare.receipts.every(({ mode, decisions }) => mode === 'flex' && decisions.length === 0)).toBe(
      true,
    );
    const wrapped = deriveClient(bench.runtime, leverPlugin('nothing', []));
    const tags = { team: 'search' };
    const own = await collectReceipts(() => all(batchOf({ ...few, onDemand: wrapped, tags }).run()));
    expect(own.receipts.map(({ id }) => id)).toEqual(receiptsOf(own.result).map(({ id }) => id));
    expect([...own.receipts, ...receiptsOf(own.result)].every((one) => one.tags['team'] === 'search')).toBe(
      true,
    );
    const paid = [...bare.receipts, ...own.receipts];
    expect(sum(paid.map(({ cost }) => cost))).toBe(bench.bedrock.bill().total.picoUsd);
  });
});
