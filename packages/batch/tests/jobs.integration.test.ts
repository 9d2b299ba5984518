import type { BedrockClient } from '@aws-sdk/client-bedrock';
import { ConverseCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { collectReceipts, deriveClient, leverPlugin, Money } from '@costkit/core';
import type { BatchTrouble } from '@costkit/local';
import { describe, expect, it } from 'vitest';
import {
  type BatchOptions,
  type BatchProgress,
  type BatchQueueOptions,
  batchClient,
  createBatch,
  type Journal,
  memoryJournal,
} from '../src/index.js';
import { BUCKET, inputOf, localBench, MODEL, outcome } from './local-bench.js';

const RECORDS = 100;

const bench = localBench();

function filled(more: Partial<BatchOptions> = {}, text?: string) {
  const batch = createBatch(bench.optionsOf(more));
  for (let index = 0; index < RECORDS; index += 1) batch.add(`r${index}`, inputOf(index, undefined, text));
  return batch;
}

const start = (trouble: BatchTrouble = {}): Promise<void> => bench.start({ batch: { trouble } });

describe('a batch whose job ends early', () => {
  it.each([
    ['stop', 'Stopped'],
    ['partiallyComplete', 'PartiallyCompleted'],
    ['expire', 'Expired'],
  ] as const)(
    'hands on what was answered when it ends by %s, and names every other record',
    async (kind, status) => {
      await start({ beforeRecord: ({ index }) => (index === 40 ? { kind } : undefined) });
      const { answered, failures, error, list } = await outcome(filled().run());
      expect(error).toBeUndefined();
      expect(answered).toBe(40);
      expect(failures.every(({ errorCode }) => errorCode === status)).toBe(true);
      expect(new Set(list.map(({ recordId }) => recordId)).size).toBe(RECORDS);
      const paid = Money.sum(list.map((result) => (result.ok ? (result.cost ?? Money.zero) : Money.zero)));
      expect(paid.picoUsd).toBe(bench.bedrock.bill().total.picoUsd);
    },
  );

  it('hands on what a job had answered before it failed, then says why', async () => {
    await start({
      beforeRecord: ({ index }) =>
        index === 40 ? { kind: 'fail', message: 'The role was removed.' } : undefined,
    });
    const { answered, failures, error } = await outcome(filled().run());
    expect([answered, failures.length]).toEqual([40, 60]);
    expect(error).toMatchObject({
      code: 'COSTKIT_BATCH_JOB_FAILED',
      message: expect.stringContaining('The role was removed. What it had answered'),
    });
  });

  it('starts another job when it is run again after a failure, also with the same journal', async () => {
    let broken = true;
    await start({
      beforeRecord: () => (broken ? { kind: 'fail', message: 'no', partialOutput: false } : undefined),
    });
    const journal = memoryJournal();
    expect((await outcome(filled({ journal, retries: 0 }).run())).error).toMatchObject({
      code: 'COSTKIT_BATCH_JOB_FAILED',
    });
    broken = false;
    const { answered, error } = await outcome(filled({ journal }).run());
    expect([answered, error]).toEqual([RECORDS, undefined]);
    expect((await outcome(createBatch(bench.optionsOf({ journal })).resume())).answered).toBe(RECORDS);
    expect(bench.jobs()).toHaveLength(2);
  });

  it('gives a record’s own error code, and goes on', async () => {
    await start({
      beforeRecord: ({ index }) =>
        index === 7 ? { kind: 'recordError', errorCode: 400, errorMessage: 'bad request' } : undefined,
    });
    const { failures, error } = await outcome(filled().run());
    expect(error).toBeUndefined();
    expect(failures).toEqual([
      { recordId: 'r7', ordinal: 7, ok: false, errorCode: '400', errorMessage: 'bad request' },
    ]);
  });
});

describe('a batch that is run again', () => {
  it('makes a new job without a journal, even for the same records', async () => {
    await start();
    await outcome(filled().run());
    await outcome(filled().run());
    expect(bench.jobs()).toHaveLength(2);
    expect(bench.bedrock.bill().lines).toHaveLength(2 * RECORDS);
  });

  it('does not take the job of other records for its own', async () => {
    await start();
    const journal = memoryJournal();
    await outcome(filled({ journal }).run());
    const { answered, error } = await outcome(filled({ journal }, 'Translate review number').run());
    expect([answered, error]).toMatchObject([0, { code: 'COSTKIT_BATCH_JOURNAL_INVALID' }]);
    expect(bench.jobs()).toHaveLength(1);
  });

  it('refuses to run beside itself, and takes another run when the first is over', async () => {
    await start();
    const batch = filled({ journal: memoryJournal() });
    const first = batch.run()[Symbol.asyncIterator]();
    await first.next();
    expect((await outcome(batch.run())).error).toMatchObject({ code: 'COSTKIT_BATCH_ALREADY_RUN' });
    await first.return?.();
    expect((await outcome(batch.run())).answered).toBe(RECORDS);
    expect(bench.bedrock.bill().lines).toHaveLength(RECORDS);
  });

  it('goes on after a crash at any step, without paying anything twice', async () => {
    // Each number is a step at which the process dies: of S3, of the control plane, of the journal.
    const [few, quotas] = [10, { minRecords: 5, maxRecords: 10 }];
    const fewer = (more: Partial<BatchOptions>) => {
      const batch = createBatch(bench.optionsOf({ quotas, ...more }));
      for (let index = 0; index < few; index += 1) batch.add(`r${index}`, inputOf(index));
      return batch;
    };
    await bench.start({ batch: { limits: { minRecordsPerJob: quotas.minRecords } } });
    for (let dies = 1; dies < 40; dies += 1) {
      const prefix = `dies-at-${dies}`;
      const billed = bench.bedrock.bill().lines.length;
      let steps = 0;
      const step = (): void => {
        steps += 1;
        if (steps === dies) throw new Error('killed');
      };
      const memory = memoryJournal();
      const mortal: Journal = {
        entries: memory.entries,
        append: async (entry) => {
          step();
          await memory.append(entry);
          step();
        },
      };
      const mortalClient = <C extends { send(command: never): Promise<unknown> }>(client: C): C =>
        Object.assign(Object.create(client), {
          send: async (command: never) => {
            const answer = await client.send(command);
            step();
            return answer;
          },
        }) as C;
      const bedrock = mortalClient(bench.control);
      const first = await outcome(fewer({ journal: mortal, bedrock, prefix }).run());
      const again = await outcome(fewer({ journal: memory, prefix }).run());
      expect([again.answered, again.error]).toEqual([few, undefined]);
      expect(bench.bedrock.bill().lines).toHaveLength(billed + few);
      if (first.error === undefined) {
        expect(dies).toBeGreaterThan(5);
        return;
      }
    }
    throw new Error('the process never survived');
  }, 60_000);

  it('resumes without the records, and knows from the bucket which are missing', async () => {
    await start({ beforeRecord: ({ index }) => (index === 90 ? { kind: 'stop' } : undefined) });
    const journal = memoryJournal();
    const abort = new AbortController();
    const sleep = () => {
      abort.abort(new Error('process ends'));
      return Promise.reject(abort.signal.reason as Error);
    };
    const first = await outcome(
      filled({ journal, signal: abort.signal, clock: { now: () => bench.clock.now(), sleep } }).run(),
    );
    expect(first).toMatchObject({ answered: 0, failures: [], error: { message: 'process ends' } });
    const { answered, failures } = await outcome(createBatch(bench.optionsOf({ journal })).resume());
    expect([answered, failures.length]).toEqual([90, 10]);
    expect(failures[0]).toMatchObject({ ok: false, errorCode: 'Stopped' });
    expect(bench.jobs()).toHaveLength(1);
  });
});

describe('a batch whose output is broken', () => {
  it('hands on all that can be read, then says which line cannot', async () => {
    await start();
    const journal = memoryJournal();
    await outcome(filled({ journal }).run());
    const listed = await bench.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    const key = listed.Contents?.map(({ Key }) => Key ?? '').find((one) => one.endsWith('.jsonl.out')) ?? '';
    const text = await (
      await bench.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }))
    ).Body!.transformToString();
    const lines = text.split('\n');
    lines[3] = (lines[3] as string).slice(0, 40);
    await bench.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: lines.join('\n') }));
    const { answered, failures, error } = await outcome(filled({ journal }).run());
    expect([answered, failures.length]).toEqual([RECORDS - 1, 1]);
    expect(error).toMatchObject({
      code: 'COSTKIT_BATCH_OUTPUT_INVALID',
      message: expect.stringMatching(/1 line .* line 4 of s3:\/\/reviews\//),
    });
  });
});

describe('the look at a job', () => {
  it('is repeated when the service throttles it or the line breaks, and told when counts change', async () => {
    await start();
    let looks = 0;
    const flaky = Object.assign(Object.create(bench.control), {
      send: async (command: { constructor: { name: string } }) => {
        if (command.constructor.name === 'GetModelInvocationJobCommand') {
          looks += 1;
          if (looks === 2)
            throw Object.assign(new Error('slow down'), {
              name: 'ThrottlingException',
              $metadata: { httpStatusCode: 400 },
            });
        }
        return bench.control.send(command as never);
      },
    }) as BedrockClient;
    const seen: BatchProgress[] = [];
    const { answered } = await outcome(filled({ bedrock: flaky, onProgress: (one) => seen.push(one) }).run());
    expect(answered).toBe(RECORDS);
    expect(seen.at(-1)).toMatchObject({
      status: 'Completed',
      totalRecords: RECORDS,
      processedRecords: RECORDS,
    });
    expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(seen.length);
  });

  it('is not repeated when the service refuses it', async () => {
    await start();
    const refused = Object.assign(new Error('no'), {
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 403 },
    });
    let looks = 0;
    const forbidden = Object.assign(Object.create(bench.control), {
      send: async (command: { constructor: { name: string } }) => {
        if (command.constructor.name !== 'GetModelInvocationJobCommand')
          return bench.control.send(command as never);
        looks += 1;
        throw refused;
      },
    }) as BedrockClient;
    expect((await outcome(filled({ bedrock: forbidden }).run())).error).toBe(refused);
    expect(looks).toBe(1);
  });
});

describe('records that go on demand', () => {
  it('keep their order, carry the cost that a wrapped client knows, and fail one by one', async () => {
    await start();
    const wrapped = deriveClient(bench.runtime, leverPlugin('nothing', []));
    const batch = createBatch(bench.optionsOf({ onDemand: wrapped }));
    for (let index = 0; index < 20; index += 1) batch.add(`r${index}`, inputOf(index));
    batch.add('bad', { messages: [{ role: 'user', content: [{ text: ' ' }] }] });
    const { list, failures } = await outcome(batch.run());
    expect(list.map(({ recordId }) => recordId)).toEqual([
      ...Array.from({ length: 20 }, (_, id) => `r${id}`),
      'bad',
    ]);
    expect(failures).toMatchObject([{ recordId: 'bad', errorCode: 'ValidationException' }]);
    const total = Money.sum(list.map((result) => (result.ok ? (result.cost ?? Money.zero) : Money.zero)));
    expect(total.picoUsd).toBe(bench.bedrock.bill().total.picoUsd);
  });
});

describe('batchClient', () => {
  const queueOptions = (more: Partial<BatchQueueOptions> = {}): BatchQueueOptions =>
    bench.queueOptionsOf({ maxRecords: RECORDS, ...more });
  const command = (index: number) => new ConverseCommand({ modelId: MODEL, ...inputOf(index) } as never);

  it('lets a caller leave while others are waited for, and pays nothing for it', async () => {
    await start();
    const client = batchClient(bench.runtime, queueOptions());
    const abort = new AbortController();
    const { receipts } = await collectReceipts(async () => {
      const leaving = client.send(command(0), { abortSignal: abort.signal });
      const left = expect(leaving).rejects.toMatchObject({ name: 'AbortError' });
      await new Promise((resolve) => setImmediate(resolve));
      abort.abort();
      await left;
      await bench.pumped(
        Promise.all(Array.from({ length: RECORDS }, (_, index) => client.send(command(index + 1)))),
      );
    });
    expect(receipts[0]).toMatchObject({ error: 'AbortError', attempts: [], cost: { picoUsd: 0n } });
    expect(receipts.slice(1).every(({ mode }) => mode === 'batch')).toBe(true);
    expect(Money.sum(receipts.map(({ cost }) => cost ?? Money.zero)).picoUsd).toBe(
      bench.bedrock.bill().total.picoUsd,
    );
  });

  it('lets a caller leave a job that runs, and says that it may have been paid', async () => {
    await start();
    const client = batchClient(bench.runtime, queueOptions());
    const abort = new AbortController();
    const { receipts } = await collectReceipts(async () => {
      const leaving = client.send(command(0), { abortSignal: abort.signal });
      const left = expect(leaving).rejects.toMatchObject({ name: 'AbortError' });
      const others = Promise.all(
        Array.from({ length: RECORDS - 1 }, (_, index) => client.send(command(index + 1))),
      );
      while (bench.jobs().length === 0) await new Promise((resolve) => setImmediate(resolve));
      abort.abort();
      await left;
      await bench.pumped(others);
    });
    expect(receipts[0]).toMatchObject({ error: 'AbortError', quality: 'estimated', mode: 'batch' });
    expect(receipts[0]?.cost?.picoUsd).toBeGreaterThan(0n);
  });

  it('shares a journal between groups without mixing up their jobs', async () => {
    await start();
    const client = batchClient(bench.runtime, queueOptions({ journal: memoryJournal() }));
    for (const model of [MODEL, 'us.amazon.nova-micro-v1:0']) {
      const outputs = await bench.pumped(
        Promise.all(
          Array.from({ length: RECORDS }, (_, index) =>
            client.send(new ConverseCommand({ modelId: model, ...inputOf(index) } as never)),
          ),
        ),
      );
      expect(outputs).toHaveLength(RECORDS);
    }
    expect(bench.jobs()).toHaveLength(2);
    expect(bench.bedrock.bill().lines.every(({ mode }) => mode.batch)).toBe(true);
  });

  it('sends on demand whatever a job left unanswered, and says why', async () => {
    await start({ beforeRecord: ({ index }) => (index === 60 ? { kind: 'expire' } : undefined) });
    const client = batchClient(bench.runtime, queueOptions());
    const { receipts } = await collectReceipts(() =>
      bench.pumped(Promise.all(Array.from({ length: RECORDS }, (_, index) => client.send(command(index))))),
    );
    const modes = receipts.map(({ mode }) => mode);
    expect([
      modes.filter((mode) => mode === 'batch').length,
      modes.filter((mode) => mode === 'standard').length,
    ]).toEqual([60, 40]);
    const late = receipts.find(({ mode }) => mode === 'standard');
    expect(late?.decisions[0]?.reason).toContain('Expired');
    expect(Money.sum(receipts.map(({ cost }) => cost ?? Money.zero)).picoUsd).toBe(
      bench.bedrock.bill().total.picoUsd,
    );
  });

  it('sends everything on demand when the bucket is missing', async () => {
    await start();
    const client = batchClient(bench.runtime, queueOptions({ bucket: 'nowhere' }));
    const { receipts } = await collectReceipts(() =>
      bench.pumped(Promise.all(Array.from({ length: RECORDS }, (_, index) => client.send(command(index))))),
    );
    expect(receipts.every(({ mode }) => mode === 'standard')).toBe(true);
    expect(receipts[0]?.decisions[0]?.reason).toContain('BatchError');
  });

  it('says in observe what waiting would have saved', async () => {
    await start();
    const client = batchClient(bench.runtime, queueOptions({ mode: 'observe' }));
    const body = JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'Hello there.' }] }] });
    const { receipts } = await collectReceipts(() =>
      client.send(new InvokeModelCommand({ modelId: MODEL, body })),
    );
    const [decision] = receipts[0]?.decisions ?? [];
    expect(decision).toMatchObject({ lever: 'batch', mode: 'observe', action: 'would have waited' });
    expect(decision!.estimatedSaving!.picoUsd * 2n).toBe(receipts[0]!.cost!.picoUsd);
  });
});
