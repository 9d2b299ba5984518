import type { BulkAnswer } from '@costkit/core';
import { Money } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { type BulkInvokerOptions, bulkInvoker, type Journal, memoryJournal } from '../src/index.js';
import { BUCKET, ROLE } from './dying-batch.js';
import { localBench } from './local-bench.js';

const WORK = { name: 'handbook', modelId: 'amazon.titan-embed-text-v2:0' } as const;
const bench = localBench({ tokenizer: { count: (text) => Math.ceil(text.length / 4) } });

const recordsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `text ${index}`,
    body: JSON.stringify({ inputText: `Article ${index} of the rules.`, dimensions: 256, normalize: true }),
  }));

const optionsOf = (more: Partial<BulkInvokerOptions> = {}): BulkInvokerOptions => ({
  bedrock: bench.control,
  s3: bench.s3,
  bucket: BUCKET,
  roleArn: ROLE,
  journal: memoryJournal(),
  clock: bench.waiting,
  ...more,
});

async function all(answers: AsyncIterable<readonly BulkAnswer[]>): Promise<BulkAnswer[]> {
  const list: BulkAnswer[] = [];
  for await (const group of answers) list.push(...group);
  return list;
}

describe('bulkInvoker', () => {
  it('answers each request by its id, for what the bill says, and leaves nothing to resume', async () => {
    await bench.start();
    const bulk = bulkInvoker(optionsOf());
    const answers = await all(bulk.invoke(WORK, recordsOf(120)));
    expect(answers.map(({ id }) => id).sort()).toEqual(
      recordsOf(120)
        .map(({ id }) => id)
        .sort(),
    );
    const [first] = answers;
    if (first?.ok !== true) throw new Error('it is not answered');
    expect(JSON.parse(new TextDecoder().decode(first.body)).embedding).toHaveLength(256);
    const cost = Money.sum(answers.map((answer) => (answer.ok ? (answer.cost ?? Money.zero) : Money.zero)));
    expect(cost.picoUsd).toBe(bench.bedrock.bill().total.picoUsd);
    expect(await all(bulk.resume(WORK))).toEqual([]);
  });

  it('hands on what a job answers whose process died, and creates no other', async () => {
    await bench.start();
    const journal = memoryJournal();
    const dying: Journal = {
      entries: () => journal.entries(),
      append: (entry) =>
        entry.step === 'created' ? Promise.reject(new Error('killed')) : journal.append(entry),
    };
    const killed = bulkInvoker(optionsOf({ journal: dying }));
    await expect(all(killed.invoke(WORK, recordsOf(110)))).rejects.toThrow('killed');
    const other = { ...WORK, name: 'another handbook' };
    const bulk = bulkInvoker(optionsOf({ journal }));
    expect(await all(bulk.resume(other))).toEqual([]);
    expect(await all(bulk.resume(WORK))).toHaveLength(110);
    expect(await all(bulk.resume(WORK))).toEqual([]);
    expect(bench.jobs()).toHaveLength(1);
    // The next work of the same name is another batch.
    expect(await all(bulk.invoke(WORK, recordsOf(110)))).toHaveLength(110);
    expect(bench.jobs()).toHaveLength(2);
  });

  it('begins no job for what an earlier process had only staged', async () => {
    await bench.start({ batch: { limits: { minRecordsPerJob: 10 } } });
    const journal = memoryJournal();
    let creations = 0;
    const dying: Journal = {
      entries: () => journal.entries(),
      append: (entry) => {
        if (entry.step === 'creating') creations += 1;
        return creations > 1 ? Promise.reject(new Error('killed')) : journal.append(entry);
      },
    };
    const quotas = { minRecords: 10, maxRecords: 20, maxOpenJobs: 1 };
    const killed = bulkInvoker(optionsOf({ journal: dying, quotas }));
    await expect(all(killed.invoke(WORK, recordsOf(60)))).rejects.toThrow('killed');
    const bulk = bulkInvoker(optionsOf({ journal, quotas }));
    const answers = await all(bulk.resume(WORK));
    expect([answers.length, answers.filter(({ ok }) => ok).length]).toEqual([60, 20]);
    expect(bench.jobs()).toHaveLength(1);
    expect(await all(bulk.resume(WORK))).toEqual([]);
    expect(bench.bedrock.bill().lines).toHaveLength(20);
  });

  it('begins no job on resume whose creation was refused before', async () => {
    await bench.start();
    bench.bedrock.addTrouble({
      operation: 'CreateModelInvocationJob',
      calls: [1],
      action: { type: 'error', code: 'AccessDeniedException', message: 'Not yet.' },
    });
    const journal = memoryJournal();
    const bulk = bulkInvoker(optionsOf({ journal }));
    await expect(all(bulk.invoke(WORK, recordsOf(110)))).rejects.toThrow('Not yet.');
    const answers = await all(bulk.resume(WORK));
    expect([answers.length, answers.filter(({ ok }) => ok).length]).toEqual([110, 0]);
    expect(bench.jobs()).toHaveLength(1);
    expect(await all(bulk.resume(WORK))).toEqual([]);
    expect(await all(bulk.invoke(WORK, recordsOf(110)))).toHaveLength(110);
    expect(bench.bedrock.bill().lines).toHaveLength(110);
  });

  it('leaves what is too little for a job', async () => {
    await bench.start();
    const bulk = bulkInvoker(optionsOf());
    expect(await all(bulk.invoke(WORK, recordsOf(99)))).toEqual([]);
    expect(await all(bulk.resume(WORK))).toEqual([]);
    expect(bench.bedrock.bill().lines).toEqual([]);
  });

  it.each([
    [{ journal: undefined }, /journal is missing|"journal"/],
    [{ roleArn: 'nobody' }, /roleArn/],
    [{ quotas: { minRecords: 0 } }, /quotas.minRecords/],
    [{ retries: 1 }, /retries/],
  ])('refuses %j', async (wrong, message) => {
    await bench.start();
    expect(() => bulkInvoker(optionsOf(wrong as never))).toThrow(message);
  });

  it('says which model is none that takes jobs', async () => {
    await bench.start();
    const bulk = bulkInvoker(optionsOf());
    const work = { ...WORK, modelId: 'cohere.embed-v4:0' };
    await expect(all(bulk.invoke(work, recordsOf(120)))).rejects.toMatchObject({
      code: 'COSTKIT_BATCH_MODEL_UNSUPPORTED',
    });
  });
});
