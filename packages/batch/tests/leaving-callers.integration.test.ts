import { ConverseCommand, type ConverseCommandOutput } from '@aws-sdk/client-bedrock-runtime';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { collectReceipts } from '@costkit/core';
import { beforeEach, expect, it } from 'vitest';
import { type BatchQueueOptions, batchClient, memoryJournal, type S3ClientLike } from '../src/index.js';
import { inputOf, localBench, MODEL } from './local-bench.js';

const RECORDS = 100;
const bench = localBench();
beforeEach(() => bench.start());

/** Calls of which some are given up while their job is staged. */
function callsGivenUp(mayLeave: (index: number) => boolean, more: Partial<BatchQueueOptions> = {}) {
  const abort = new AbortController();
  const s3: S3ClientLike = {
    config: bench.s3.config,
    send: (command, ...rest) => {
      if (command instanceof PutObjectCommand) abort.abort();
      return bench.s3.send(command as never, ...rest);
    },
  };
  const options = bench.queueOptionsOf({ s3, maxRecords: RECORDS, ...more });
  const client = batchClient(bench.runtime, options);
  const call = (index: number): Promise<ConverseCommandOutput> =>
    client.send(
      new ConverseCommand({ modelId: MODEL, ...inputOf(index) } as never),
      mayLeave(index) ? { abortSignal: abort.signal } : {},
    );
  return bench.pumped(Promise.allSettled(Array.from({ length: RECORDS }, (_, index) => call(index))));
}

it('counts an estimate for a caller who leaves while the job is staged: its record is paid', async () => {
  const { receipts } = await collectReceipts(() => callsGivenUp((index) => index === 0));
  expect(bench.bedrock.bill().lines).toHaveLength(RECORDS);
  const left = receipts.find(({ error }) => error === 'AbortError');
  expect(left).toMatchObject({ quality: 'estimated', mode: 'batch' });
  expect(left?.cost?.picoUsd).toBeGreaterThan(0n);
});

it('begins no job for callers who have all left', async () => {
  const journal = memoryJournal();
  const stepsOf = async () => (await journal.entries()).map(({ step }) => step);
  const ends = await callsGivenUp(() => true, { journal });
  expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
  while (!(await stepsOf()).includes('sourced')) await new Promise((resolve) => setImmediate(resolve));
  // What follows would be written down at once.
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(await stepsOf()).toEqual(['begun', 'staged', 'sourced']);
});
