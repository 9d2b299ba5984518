import { ConverseCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, deriveClient, Money, settingsPlugin } from '@costkit/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { type BatchOptions, batchClient, createBatch, memoryJournal } from '../src/index.js';
import { all, inputOf, localBench, MODEL } from './local-bench.js';

const PROFILE = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdef123456';
const PROVISIONED = 'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdef123456';
const MODELS = { [PROFILE]: MODEL, [PROVISIONED]: 'amazon.nova-2-lite-v1:0' };

const bench = localBench({ aliases: MODELS });
beforeEach(() => bench.start());

describe('createBatch', () => {
  it('answers every record once, at the batch price, to the digit of the bill', async () => {
    const batch = createBatch(bench.optionsOf());
    for (let index = 0; index < 120; index += 1) batch.add(`r${index}`, inputOf(index));
    const results = await all(batch.run());
    expect(results.every((result) => result.ok)).toBe(true);
    expect(new Set(results.map(({ recordId }) => recordId)).size).toBe(120);
    const total = Money.sum(results.map((result) => (result.ok ? (result.cost ?? Money.zero) : Money.zero)));
    expect(total.picoUsd).toBe(bench.bedrock.bill().total.picoUsd);
    expect(bench.bedrock.bill().lines.every(({ mode }) => mode.batch)).toBe(true);
  });

  it('runs through an application profile when it is told the model behind it', async () => {
    expect(() => createBatch(bench.optionsOf({ model: PROFILE }))).toThrow(
      expect.objectContaining({
        code: 'COSTKIT_UNKNOWN_MODEL',
        message: expect.stringContaining('"models"'),
      }),
    );
    const batch = createBatch(bench.optionsOf({ model: PROFILE, models: MODELS, maxUsd: 5 }));
    for (let index = 0; index < 100; index += 1) batch.add(`r${index}`, inputOf(index, 400));
    const results = await all(batch.run());
    const total = Money.sum(results.map((result) => (result.ok ? (result.cost ?? Money.zero) : Money.zero)));
    expect(total.picoUsd).toBe(bench.bedrock.bill().total.picoUsd);
    expect(total.picoUsd).toBeGreaterThan(0n);
  });

  it('refuses too few records, and sends them on demand when it is given a client', async () => {
    const few = createBatch(bench.optionsOf());
    few.add('only', inputOf(1));
    await expect(all(few.run())).rejects.toMatchObject({ code: 'COSTKIT_BATCH_TOO_FEW_RECORDS' });
    expect(bench.bedrock.bill().lines).toHaveLength(0);
    const sent = createBatch(bench.optionsOf({ onDemand: bench.runtime }));
    sent.add('only', inputOf(1));
    expect(await all(sent.run())).toMatchObject([{ recordId: 'only', ok: true, mode: 'flex' }]);
  });

  it('refuses before anything is paid when the worst case is above maxUsd, or unknown', async () => {
    const dear = createBatch(bench.optionsOf({ maxUsd: '0.000001' }));
    const unknown = createBatch(bench.optionsOf({ maxUsd: 5 }));
    for (let index = 0; index < 100; index += 1) {
      dear.add(`r${index}`, inputOf(index, 400));
      unknown.add(`r${index}`, inputOf(index));
    }
    await expect(all(dear.run())).rejects.toMatchObject({ code: 'COSTKIT_BATCH_TOO_EXPENSIVE' });
    await expect(all(unknown.run())).rejects.toMatchObject({ code: 'COSTKIT_BATCH_TOO_EXPENSIVE' });
    expect(bench.bedrock.bill().lines).toHaveLength(0);
  });

  it('says which bucket is missing', async () => {
    const batch = createBatch(bench.optionsOf({ bucket: 'nowhere' }));
    for (let index = 0; index < 100; index += 1) batch.add(`r${index}`, inputOf(index));
    await expect(all(batch.run())).rejects.toMatchObject({
      code: 'COSTKIT_BATCH_BUCKET_MISSING',
      message: expect.stringContaining('nowhere'),
    });
  });

  it('refuses models without batch, ids twice, and inputs that batch does not take', () => {
    expect(() => createBatch(bench.optionsOf({ model: 'us.anthropic.claude-opus-5-5' }))).toThrow(
      expect.objectContaining({ code: 'COSTKIT_BATCH_MODEL_UNSUPPORTED' }),
    );
    expect(() => createBatch(bench.optionsOf({ model: 'acme.unheard-of' }))).toThrow(
      expect.objectContaining({ code: 'COSTKIT_UNKNOWN_MODEL' }),
    );
    expect(() => createBatch({ ...bench.optionsOf(), nonsense: 1 } as never)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION' }),
    );
    const batch = createBatch(bench.optionsOf());
    batch.add('one', inputOf(1));
    expect(() => batch.add('one', inputOf(1))).toThrow(
      expect.objectContaining({ code: 'COSTKIT_BATCH_RECORD_DUPLICATE' }),
    );
    expect(() =>
      batch.add('two', {
        ...inputOf(2),
        toolConfig: { tools: [{ toolSpec: { name: 'x', inputSchema: { json: {} } } }] },
      }),
    ).toThrow(expect.objectContaining({ code: 'COSTKIT_BATCH_RECORD_INVALID' }));
  });

  it('goes on after a crash without staging, creating or paying anything twice', async () => {
    const journal = memoryJournal();
    const fill = (more: Partial<BatchOptions>) => {
      const batch = createBatch(bench.optionsOf({ journal, ...more }));
      for (let index = 0; index < 100; index += 1) batch.add(`r${index}`, inputOf(index));
      return batch;
    };
    const dying = { now: () => bench.clock.now(), sleep: () => Promise.reject(new Error('killed')) };
    await expect(all(fill({ clock: dying }).run())).rejects.toThrow('killed');
    const again = await all(fill({}).run());
    expect(again.filter((result) => result.ok)).toHaveLength(100);
    const resumed = await all(createBatch(bench.optionsOf({ journal })).resume());
    expect(resumed).toHaveLength(100);
    expect(bench.bedrock.bill().lines).toHaveLength(100);
    expect((await journal.entries()).map(({ step }) => step)).toEqual([
      'begun',
      'staged',
      'sourced',
      'creating',
      'created',
      'ended',
      'finished',
    ]);
  });
});

describe('batchClient', () => {
  it('resolves send() with the answer of the job, and the receipts say what it cost', async () => {
    const client = batchClient(bench.runtime, bench.queueOptionsOf({ maxRecords: 100 }));
    const system = [{ text: 'Be brief.' }, { cachePoint: { type: 'default' } }];
    const send = (index: number) =>
      index % 2 === 0
        ? client.send(
            new ConverseCommand({
              modelId: MODEL,
              ...inputOf(index),
              ...(index === 2 ? { system } : {}),
            } as never),
          )
        : client.send(
            new ConverseCommand({ modelId: 'us.amazon.nova-micro-v1:0', ...inputOf(index) } as never),
          );
    const { result, receipts } = await collectReceipts(() =>
      bench.pumped(Promise.all(Array.from({ length: 200 }, (_, index) => send(index)))),
    );
    expect(result.every((output) => (output.output?.message?.content?.[0]?.text ?? '') !== '')).toBe(true);
    expect(receipts.every(({ mode }) => mode === 'batch')).toBe(true);
    expect(Money.sum(receipts.map(({ cost }) => cost ?? Money.zero)).picoUsd).toBe(
      bench.bedrock.bill().total.picoUsd,
    );
    expect(receipts[0]?.saved?.picoUsd).toBe(receipts[0]?.cost?.picoUsd);
    const reasons = receipts.map(({ decisions }) => decisions[0]?.reason ?? '');
    expect(reasons[2]).toContain('Its cache points (1) were removed: batch jobs have no prompt cache.');
    expect(reasons.filter((reason) => reason.includes('cache points'))).toHaveLength(1);
  });

  it('takes InvokeModel bodies too', async () => {
    const client = batchClient(bench.runtime, bench.queueOptionsOf({ maxRecords: 100 }));
    const body = JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'Hello there.' }] }] });
    const outputs = await bench.pumped(
      Promise.all(
        Array.from({ length: 100 }, () => client.send(new InvokeModelCommand({ modelId: MODEL, body }))),
      ),
    );
    expect(JSON.parse(outputs[0]!.body.transformToString())).toHaveProperty('output.message.content');
    expect(bench.bedrock.bill().lines.every(({ mode }) => mode.batch)).toBe(true);
  });

  it.each(['enforce', 'observe'] as const)(
    'knows the models that the client was told, in %s',
    async (mode) => {
      const batched = batchClient(bench.runtime, bench.queueOptionsOf({ maxRecords: 100, mode }));
      const client = deriveClient(batched, settingsPlugin({ models: MODELS }));
      const send = (modelId: string, index: number) =>
        client.send(new ConverseCommand({ modelId, ...inputOf(index) } as never));
      const { receipts } = await collectReceipts(() =>
        bench.pumped(
          Promise.all([
            ...Array.from({ length: 100 }, (_, index) => send(PROFILE, index)),
            send(PROVISIONED, 100),
          ]),
        ),
      );
      expect(Money.sum(receipts.map(({ cost }) => cost ?? Money.zero)).picoUsd).toBe(
        bench.bedrock.bill().total.picoUsd,
      );
      const [profile, provisioned] = [receipts[0], receipts[100]];
      expect(provisioned?.mode).toBe('provisioned');
      expect(provisioned?.decisions[0]?.reason).toContain('a provisioned-model takes no batch jobs');
      if (mode === 'enforce') {
        expect(profile).toMatchObject({ mode: 'batch', servedModel: 'amazon.nova-2-lite-v1:0' });
        expect(profile?.saved?.picoUsd).toBe(profile?.cost?.picoUsd);
      } else {
        const saving = profile?.decisions[0]?.estimatedSaving?.picoUsd ?? 0n;
        expect(saving * 2n).toBe(profile?.cost?.picoUsd);
      }
    },
  );

  it('sends on demand what cannot wait for a job, and says why', async () => {
    const client = batchClient(bench.runtime, bench.queueOptionsOf());
    const { receipts } = await collectReceipts(() =>
      bench.pumped(
        Promise.all([
          client.send(new ConverseCommand({ modelId: MODEL, ...inputOf(1) } as never)),
          client.send(
            new ConverseCommand({ modelId: 'us.anthropic.claude-opus-5-5', ...inputOf(1) } as never),
          ),
        ]),
      ),
    );
    expect(receipts.map(({ mode }) => mode)).toEqual(['standard', 'standard']);
    expect(receipts[0]?.decisions[0]?.reason).toContain('at least 100');
    expect(receipts[1]?.decisions[0]?.reason).toContain('takes no batch jobs');
  });

  it('counts a job that it lost sight of, besides the answers that it then asks for on demand', async () => {
    const denied = Object.assign(new Error('not allowed to look'), { name: 'AccessDeniedException' });
    const control = {
      send: (command: object) =>
        command.constructor.name === 'GetModelInvocationJobCommand'
          ? Promise.reject(denied)
          : bench.control.send(command as never),
    };
    const client = batchClient(bench.runtime, bench.queueOptionsOf({ maxRecords: 100, bedrock: control }));
    const { receipts } = await collectReceipts(() =>
      bench.pumped(
        Promise.all(
          Array.from({ length: 100 }, (_, index) =>
            client.send(new ConverseCommand({ modelId: MODEL, ...inputOf(index) } as never)),
          ),
        ),
      ),
    );
    expect(bench.jobs()).toHaveLength(1);
    for (const { attempts, quality, decisions } of receipts) {
      expect(attempts).toMatchObject([
        { mode: 'batch', quality: 'estimated', complete: false },
        { mode: 'standard', quality: 'measured' },
      ]);
      expect(quality).toBe('estimated');
      expect(decisions[0]?.reason).toContain('AccessDeniedException); it may answer all the same');
    }
  });
});
