import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BedrockClient, PutModelInvocationLoggingConfigurationCommand } from '@aws-sdk/client-bedrock';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { deriveClient, leverPlugin, withTags } from '@costkit/core';
import {
  createManualClock,
  type LocalBedrock,
  type LocalModel,
  type ManualClock,
  startLocalBedrock,
} from '@costkit/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type DistillationOptions,
  distillationStatus,
  examplesFromLogs,
  examplesFromSource,
  holdOutCases,
  recordExamples,
  runDistillation,
  selectTrainingData,
  type TrainingExample,
} from '../src/distillation.js';

const TEACHER = 'us.amazon.nova-pro-v1:0';
const STUDENT = 'amazon.nova-micro-v1:0:128k';

const says = (text: string): LocalModel => ({
  kind: 'fixed',
  answer: ({ userText }) => ({ parts: [{ type: 'text', text: `${text} ${userText}` }] }),
});

let folder: string;
let bedrock: LocalBedrock;
let clock: ManualClock;
let control: BedrockClient;
let runtime: BedrockRuntimeClient;
let s3: S3Client;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costkit-distil-'));
  clock = createManualClock(Date.UTC(2026, 10, 2));
  bedrock = await startLocalBedrock({
    clock,
    buckets: ['data'],
    logging: { folder: join(folder, 'logs') },
    customization: { timings: { validationMs: 60_000, dataProcessingMs: 60_000, trainingMs: 600_000 } },
    models: {
      'amazon.nova-pro-v1:0': says('Teacher:'),
      'support-micro': says('Student:'),
      '*': says('Base:'),
    },
  });
  control = new BedrockClient({ ...bedrock.clientConfig, maxAttempts: 1 });
  runtime = new BedrockRuntimeClient(bedrock.clientConfig);
  s3 = new S3Client(bedrock.s3ClientConfig);
});
afterEach(async () => {
  for (const client of [control, runtime, s3]) client.destroy();
  await bedrock.stop();
  await rm(folder, { recursive: true });
});

const example = (index: number): TrainingExample => ({
  task: index % 4 === 0 ? 'billing' : 'support',
  system: 'Be short.',
  turns: [{ role: 'user', text: `Question ${index}` }],
});

const options = (changes: Partial<DistillationOptions> = {}): DistillationOptions => ({
  bedrock: control,
  s3,
  bucket: 'data',
  roleArn: 'arn:aws:iam::123456789012:role/distil',
  teacher: TEACHER,
  student: STUDENT,
  examples: Array.from({ length: 100 }, (_, index) => example(index)),
  customModelName: 'support-micro',
  maxAnswerTokens: 50,
  clock: { now: () => clock.now(), sleep: async (ms) => void (await clock.advance(ms)) },
  ...changes,
});

const ask = (index: number, modelId = TEACHER): ConverseCommand =>
  new ConverseCommand({
    modelId,
    system: [{ text: 'Be short.' }],
    messages: [{ role: 'user', content: [{ text: `Question ${index} of 2026` }] }],
    requestMetadata: { task: index % 4 === 0 ? 'billing' : 'support' },
  });

describe('runDistillation', { timeout: 60_000 }, () => {
  it('goes from invocation logs to a student that is called by token', async () => {
    await Promise.all(Array.from({ length: 130 }, (_, index) => runtime.send(ask(index))));
    await runtime.send(ask(1));
    await runtime.send(ask(999, 'us.amazon.nova-lite-v1:0'));
    await bedrock.flushLogs();
    const data = await selectTrainingData(examplesFromLogs(join(folder, 'logs'), { teacher: TEACHER }), {
      teacher: TEACHER,
      student: 'amazon.nova-micro-v1:0',
      answered: true,
      balance: 'asAsked',
      redact: (text) => text.replaceAll('2026', '<year>'),
    });
    expect(data).toMatchObject({ seen: 132, repeated: 1, unanswered: 1 });
    expect(data.train.length + data.holdOut.length).toBe(130);
    expect(data.holdOut.length).toBe(13);
    expect(JSON.stringify(data)).not.toContain('2026');
    expect(data.train[0]?.answer).toMatch(/^Teacher: Question \d+ of <year>/);

    const before = bedrock.bill().lines.length;
    const seen: (string | undefined)[] = [];
    const student = await runDistillation(
      options({ examples: data.train, onProgress: ({ stage }) => seen.push(stage) }),
    );
    // Which stages a look meets depends on how quick the machine is; the last look meets none.
    expect(seen[0]).toBe('validation');
    expect(seen.at(-1)).toBeUndefined();
    const labels = bedrock
      .bill()
      .lines.slice(before)
      .filter(({ operation }) => operation === 'Converse');
    expect(labels).toHaveLength(data.train.length);
    const paid = labels.reduce((sum, { picoUsd = 0n }) => sum + picoUsd, 0n);
    expect(student.forecast.labels?.picoUsd).toBeGreaterThanOrEqual(paid);
    expect(student.forecast).toMatchObject({ training: undefined, total: undefined });

    const { output } = await runtime.send(
      new ConverseCommand({
        modelId: student.deploymentArn,
        messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
      }),
    );
    expect(output?.message?.content?.[0]?.text).toBe('Student: Hi');
    expect(bedrock.bill().lines.at(-1)).toMatchObject({ model: 'amazon.nova-micro-v1:0', scope: 'custom' });

    expect(holdOutCases(data.holdOut)[0]).toMatchObject({
      id: 'holdout-1',
      request: { system: [{ text: 'Be short.' }], messages: [{ role: 'user' }] },
      expected: expect.stringMatching(/^Teacher: /),
    });
  });

  it('reads what the service logs into a bucket, large bodies and streams included, and copies nothing', async () => {
    const s3Config = { bucketName: 'data', keyPrefix: 'logs' };
    await control.send(new PutModelInvocationLoggingConfigurationCommand({ loggingConfig: { s3Config } }));
    const long = 'Be short, please. '.repeat(8_000).trim();
    const messages = [{ role: 'user' as const, content: [{ text: 'Hi' }] }];
    const system = [{ text: long }];
    await runtime.send(new ConverseCommand({ modelId: TEACHER, system, messages }));
    const { stream } = await runtime.send(new ConverseStreamCommand({ modelId: TEACHER, system, messages }));
    for await (const _ of stream ?? []);
    const llama = 'us.meta.llama3-3-70b-instruct-v1:0';
    const prompt =
      '<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n';
    const body = JSON.stringify({ prompt, max_gen_len: 100 });
    await runtime.send(new InvokeModelCommand({ modelId: llama, body }));
    const streamed = await runtime.send(new InvokeModelWithResponseStreamCommand({ modelId: llama, body }));
    for await (const _ of streamed.body ?? []);
    await bedrock.flushLogs();
    const read = async (teacher: string, given: object = { s3 }): Promise<TrainingExample[]> => {
      const examples: TrainingExample[] = [];
      for await (const one of examplesFromSource('s3://data/logs', { teacher, ...given })) examples.push(one);
      return examples;
    };
    // Files are called by chance.
    const found = async (teacher: string): Promise<unknown[]> =>
      (await read(teacher))
        .map(({ system: said, turns, answer }) => [said.length, turns[0]?.text, answer])
        .sort(([one], [other]) => Number(one) - Number(other));
    expect(await found(TEACHER)).toEqual([
      ...Array(2).fill([0, 'Hi', undefined]),
      ...Array(2).fill([long.length, 'Hi', 'Teacher: Hi']),
    ]);
    expect(await found(llama)).toEqual([
      ...Array(2).fill([0, 'Hi', expect.stringMatching(/^Base: .*Hi/s)]),
      ...Array(2).fill([long.length, 'Hi', undefined]),
    ]);
    await expect(read(TEACHER, {})).rejects.toMatchObject({
      code: 'COSTKIT_DISTILLATION_SOURCE_INVALID',
      message: expect.stringContaining('{ s3: new S3Client({}) }'),
    });
    const nowhere = examplesFromSource('s3://no-such-bucket/logs', { s3 });
    await expect(nowhere.next()).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it("reads outputs of batch jobs in S3, whose answers are the teacher's where the job was for it", async () => {
    const output = (recordId: string): string =>
      JSON.stringify({
        recordId,
        modelInput: {
          messages: [{ role: 'user', content: [{ text: recordId }] }],
          requestMetadata: { task: 'sort' },
        },
        modelOutput: { output: { message: { content: [{ text: 'Sorted.' }] } } },
      });
    const llama = JSON.stringify({
      recordId: 'c',
      modelInput: { prompt: '[INST] c [/INST]' },
      modelOutput: { generation: 'Sorted.' },
    });
    const invocationJobSummaries = [
      { jobArn: 'arn:aws:bedrock:us-east-1:1:model-invocation-job/ours', modelId: TEACHER },
      {
        jobArn: 'arn:aws:bedrock:us-east-1:1:model-invocation-job/other',
        modelId: 'us.meta.llama3-3-70b-instruct-v1:0',
      },
    ];
    for (const [Key, Body] of [
      ['out/ours/in.jsonl.out', output('a')],
      ['out/other/in.jsonl.out', llama],
      ['out/unknown/in.jsonl.out', output('b')],
      ['out/unknown/manifest.json.out', '{}'],
      ['out/jobs.json', JSON.stringify({ invocationJobSummaries })],
    ] as const) {
      await s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body }));
    }
    const found: TrainingExample[] = [];
    for await (const one of examplesFromSource('s3://data/out', { s3, teacher: TEACHER })) found.push(one);
    expect(found.map(({ task, turns, answer }) => [task, turns[0]?.text, answer])).toEqual([
      ['batch', 'c', undefined],
      ['sort', 'a', 'Sorted.'],
      ['sort', 'b', 'Sorted.'],
    ]);
  });

  it('takes up the job and the deployment that are there, and pays nothing twice', async () => {
    const stop = new AbortController();
    const broken = runDistillation(
      options({
        signal: stop.signal,
        onProgress: ({ stage }) => {
          if (stage === 'training') stop.abort(new Error('killed'));
        },
      }),
    );
    await expect(broken).rejects.toThrow('killed');
    const student = await runDistillation(options());
    const again = await runDistillation(options());
    expect(again).toEqual(student);
    expect(await distillationStatus(control, student.jobArn)).toMatchObject({
      status: 'Completed',
      customModelName: 'support-micro',
      customModelArn: student.customModelArn,
      deploymentArn: student.deploymentArn,
      deploymentStatus: 'Active',
    });
    const { lines } = bedrock.bill();
    expect(lines.filter(({ operation }) => operation === 'Converse')).toHaveLength(100);
    expect(lines.filter(({ operation }) => operation === 'CreateModelCustomizationJob')).toHaveLength(1);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'data', Prefix: 'costkit-' }));
    const keys = Contents.map(({ Key }) => Key).filter((key) => key?.endsWith('/train.jsonl'));
    expect(keys).toHaveLength(1);
    const file = await s3.send(new GetObjectCommand({ Bucket: 'data', Key: keys[0] }));
    const text = (await file.Body?.transformToString()) ?? '';
    expect(text.split('\n').filter(Boolean)).toHaveLength(100);
  });

  it('begins nothing that is too expensive, unknown, or that AWS does not distil', async () => {
    const refused = async (changes: Partial<DistillationOptions>): Promise<unknown> =>
      runDistillation(options(changes)).catch((error: unknown) => error);
    expect(await refused({ maxUsd: 1000 })).toMatchObject({ code: 'COSTKIT_DISTILLATION_TOO_EXPENSIVE' });
    expect(await refused({ maxUsd: '0.01', usdPerMillionTokens: 1 })).toMatchObject({
      code: 'COSTKIT_DISTILLATION_TOO_EXPENSIVE',
      message: expect.stringContaining('it may cost up to $0.02'),
    });
    expect(await refused({ teacher: 'anthropic.claude-haiku-4-5-20251001-v1:0' })).toMatchObject({
      code: 'COSTKIT_DISTILLATION_PAIR_UNSUPPORTED',
    });
    expect(await refused({ examples: [] })).toMatchObject({ code: 'COSTKIT_INVALID_OPTION' });
    expect(await refused({ roleArm: 'x' } as never)).toMatchObject({ code: 'COSTKIT_INVALID_OPTION' });
    expect(bedrock.requests()).toEqual([]);
  });

  it('says what the service says when the job fails', async () => {
    const silent = { ...example(0), turns: [] };
    const examples = Array.from({ length: 100 }, () => silent);
    await expect(runDistillation(options({ examples }))).rejects.toMatchObject({
      code: 'COSTKIT_DISTILLATION_JOB_FAILED',
      message: expect.stringMatching(/ended as Failed: Line 1 of train\.jsonl/),
    });
  });

  it('sees the job through a minute of trouble', async () => {
    bedrock.addTrouble({
      operation: 'GetModelCustomizationJob',
      calls: [2, 3],
      action: { type: 'error', code: 'InternalServerException', message: 'Sorry.' },
    });
    expect((await runDistillation(options({ deploy: false }))).deploymentArn).toBeUndefined();
    const looks = bedrock.requests().filter(({ operation }) => operation === 'GetModelCustomizationJob');
    expect(looks.slice(0, 4).map(({ status }) => status)).toEqual([200, 500, 500, 200]);
  });
});

describe('recordExamples', { timeout: 60_000 }, () => {
  it('takes no draft for the answer of the teacher that has judged it', async () => {
    const examples: TrainingExample[] = [];
    const judged = leverPlugin('judged', [
      {
        name: 'judged',
        slot: 'route',
        mode: 'enforce',
        around: async (view, _, next) => {
          const draft = await next(view, { purpose: 'draft' });
          await next(view.withModel(TEACHER), { purpose: 'check' });
          return draft;
        },
      },
    ]);
    const client = deriveClient(
      runtime,
      judged,
      recordExamples({ teacher: TEACHER, onExample: (found) => void examples.push(found) }),
    );
    await client.send(ask(1, 'us.amazon.nova-lite-v1:0'));
    expect(examples.map(({ answer }) => answer)).toEqual([undefined]);
  });

  it('hands out what is asked and what the teacher answers, and nothing of other calls', async () => {
    const examples: TrainingExample[] = [];
    const client = deriveClient(
      runtime,
      recordExamples({ teacher: TEACHER, onExample: (found) => void examples.push(found) }),
    );
    await withTags({ task: 'mail' }, () => client.send(ask(1)));
    await client.send(ask(2, 'us.amazon.nova-lite-v1:0'));
    const { stream } = await client.send(
      new ConverseStreamCommand({
        modelId: TEACHER,
        messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
      }),
    );
    for await (const _ of stream ?? []);
    const body = JSON.stringify({
      system: [{ text: 'Be short.' }],
      messages: [{ role: 'user', content: [{ text: 'Hey' }] }],
    });
    await client.send(new InvokeModelCommand({ modelId: TEACHER, body }));
    const streamed = await client.send(new InvokeModelWithResponseStreamCommand({ modelId: TEACHER, body }));
    for await (const _ of streamed.body ?? []);
    // One that is left early has no whole answer, and nothing is made of it.
    const left = await client.send(new InvokeModelWithResponseStreamCommand({ modelId: TEACHER, body }));
    for await (const _ of left.body ?? []) break;
    await client.send(
      new ConverseCommand({
        modelId: TEACHER,
        messages: [{ role: 'user', content: [{ text: 'x' }] }],
        toolConfig: { tools: [{ toolSpec: { name: 't', inputSchema: { json: {} } } }] },
      }),
    );
    expect(examples).toEqual([
      {
        task: 'support',
        system: 'Be short.',
        turns: [{ role: 'user', text: 'Question 1 of 2026' }],
        answer: 'Teacher: Question 1 of 2026',
      },
      { task: 'support', system: 'Be short.', turns: [{ role: 'user', text: 'Question 2 of 2026' }] },
      { task: 'untagged', system: '', turns: [{ role: 'user', text: 'Hi' }], answer: 'Teacher: Hi' },
      {
        task: 'untagged',
        system: 'Be short.',
        turns: [{ role: 'user', text: 'Hey' }],
        answer: 'Teacher: Hey',
      },
      {
        task: 'untagged',
        system: 'Be short.',
        turns: [{ role: 'user', text: 'Hey' }],
        answer: 'Teacher: Hey',
      },
    ]);
  });
});
