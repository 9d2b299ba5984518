import {
  type BedrockServiceException,
  CreateModelInvocationJobCommand,
  type CreateModelInvocationJobCommandInput,
  GetModelInvocationJobCommand,
  type GetModelInvocationJobCommandOutput,
  ListModelInvocationJobsCommand,
  paginateListModelInvocationJobs,
  StopModelInvocationJobCommand,
} from '@aws-sdk/client-bedrock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, startBench, startTime } from './_bench.js';

const model = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const profile = `us.${model}`;
const minute = 60_000;
let bench: Bench;

beforeEach(async () => {
  bench = await startBench();
  await bench.store.createBucket('batches');
});
afterEach(() => bench.stop());

const record = (index: number, more: object = {}): object => ({
  recordId: `record-${index}`,
  modelInput: { messages: [{ role: 'user', content: [{ text: `question ${index}` }] }], ...more },
});
const jsonl = (records: readonly object[]): string =>
  records.map((entry) => `${JSON.stringify(entry)}\n`).join('');
const records = (count: number): object[] => Array.from({ length: count }, (_, index) => record(index));
const upload = (content: string, key = 'in/records.jsonl') => bench.put('batches', key, content);

const request = (
  more: Partial<CreateModelInvocationJobCommandInput> = {},
): CreateModelInvocationJobCommandInput => ({
  jobName: 'nightly',
  roleArn: 'arn:aws:iam::123456789012:role/batch',
  modelId: profile,
  modelInvocationType: 'Converse',
  inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://batches/in/records.jsonl', s3InputFormat: 'JSONL' } },
  outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://batches/out/' } },
  ...more,
});
const create = async (more: Partial<CreateModelInvocationJobCommandInput> = {}): Promise<string> => {
  const { jobArn = '' } = await bench.bedrock.send(new CreateModelInvocationJobCommand(request(more)));
  return jobArn;
};
const get = (jobIdentifier: string): Promise<GetModelInvocationJobCommandOutput> =>
  bench.bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier }));
/** Moves the clock until the job has ended. */
const finish = async (jobArn: string): Promise<GetModelInvocationJobCommandOutput> => {
  await bench.clock.advance(3 * minute + 1_000_000);
  await bench.jobs.ended(jobArn);
  return get(jobArn);
};
interface OutputLine {
  readonly recordId: string;
  readonly modelInput: object;
  readonly modelOutput?: { readonly output: { readonly message: { readonly content: readonly object[] } } };
  readonly error?: { readonly errorCode: number; readonly errorMessage: string };
}
const folderOf = (jobArn: string): string => `out/${jobArn.slice(jobArn.lastIndexOf('/') + 1)}/`;
const output = async (jobArn: string, name = 'records.jsonl.out'): Promise<OutputLine[]> =>
  (await bench.text('batches', `${folderOf(jobArn)}${name}`))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
const manifest = async (jobArn: string): Promise<object> =>
  JSON.parse(await bench.text('batches', `${folderOf(jobArn)}manifest.json.out`));
/** Lets a job that is not asleep do its work. */
const until = async (condition: () => Promise<boolean>): Promise<void> => {
  for (let round = 0; round < 500; round += 1) {
    if (await condition()) return;
    await bench.clock.advance(0);
  }
  throw new Error('the condition was never met');
};
const reaches = (jobArn: string, status: string) => until(async () => (await get(jobArn)).status === status);

describe('the way of a job', () => {
  it('runs every record and writes results and manifest', async () => {
    await upload(jsonl(records(120)));
    const jobArn = await create();
    expect(jobArn).toMatch(/^arn:aws:bedrock:us-east-1:123456789012:model-invocation-job\/[a-z0-9]{12}$/);
    const job = await finish(jobArn);
    expect(job).toMatchObject({
      jobArn,
      jobName: 'nightly',
      modelId: profile,
      modelInvocationType: 'Converse',
      status: 'Completed',
      submitTime: new Date(startTime),
      endTime: new Date(startTime + 3 * minute + 120_000),
      jobExpirationTime: new Date(startTime + 24 * 60 * minute),
      timeoutDurationInHours: 24,
      totalRecordCount: 120,
      processedRecordCount: 120,
      successRecordCount: 120,
      errorRecordCount: 0,
    });
    const lines = await output(jobArn);
    expect(lines).toHaveLength(120);
    for (const line of lines) {
      const index = Number(line.recordId.slice('record-'.length));
      expect(line.modelInput).toEqual((record(index) as { modelInput: object }).modelInput);
      expect(line.modelOutput?.output.message.content[0]).toMatchObject({
        text: expect.stringContaining(`question ${index}"`),
        image: null,
        toolUse: null,
        reasoningContent: null,
      });
    }
    expect(await manifest(jobArn)).toEqual({
      totalRecordCount: 120,
      processedRecordCount: 120,
      successRecordCount: 120,
      errorRecordCount: 0,
      inputTokenCount: 360,
      outputTokenCount: 240,
    });
    expect(bench.runs).toHaveLength(120);
    expect(new Set(bench.runs.map((run) => JSON.stringify([run.modelId, run.shape, run.mode])))).toEqual(
      new Set([
        JSON.stringify([profile, 'Converse', { batch: true, tier: 'standard', latencyOptimized: false }]),
      ]),
    );
  });

  it('writes results in an order of its own, the same for the same seed', async () => {
    await upload(jsonl(records(200)));
    const jobArn = await create();
    await finish(jobArn);
    const ids = (await output(jobArn)).map(({ recordId }) => recordId);
    expect(ids).not.toEqual(records(200).map((entry) => (entry as { recordId: string }).recordId));
    const other = await startBench();
    try {
      await other.store.createBucket('batches');
      await other.put('batches', 'in/records.jsonl', jsonl(records(200)));
      const { jobArn: otherArn = '' } = await other.bedrock.send(
        new CreateModelInvocationJobCommand(request()),
      );
      await other.clock.advance(3 * minute + 1_000_000);
      await other.jobs.ended(otherArn);
      expect(otherArn).toBe(jobArn);
      const text = await other.text('batches', `${folderOf(jobArn)}records.jsonl.out`);
      expect(
        text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line).recordId),
      ).toEqual(ids);
    } finally {
      await other.stop();
    }
  });

  it('passes through its statuses in time, and tells of each', async () => {
    await upload(jsonl(records(100)));
    const jobArn = await create();
    expect((await get(jobArn)).status).toBe('Submitted');
    await bench.clock.advance(minute);
    await reaches(jobArn, 'Validating');
    expect(await get(jobArn)).toMatchObject({ totalRecordCount: 0, processedRecordCount: 0 });
    await bench.clock.advance(minute);
    await reaches(jobArn, 'Scheduled');
    expect(await get(jobArn)).toMatchObject({ totalRecordCount: 100, processedRecordCount: 0 });
    await bench.clock.advance(minute);
    await reaches(jobArn, 'InProgress');
    await bench.clock.advance(20_000);
    await until(async () => ((await get(jobArn)).processedRecordCount ?? 0) > 0);
    const { processedRecordCount = 0, endTime } = await get(jobArn);
    expect(processedRecordCount).toBeLessThanOrEqual(20);
    expect(endTime).toBeUndefined();
    await finish(jobArn);
    expect(bench.events.map(({ detail }) => detail.status)).toEqual([
      'Submitted',
      'Validating',
      'Scheduled',
      'InProgress',
      'Completed',
    ]);
    expect(bench.events.at(-1)).toMatchObject({
      source: 'aws.bedrock',
      'detail-type': 'Batch Inference Job State Change',
      account: '123456789012',
      region: 'us-east-1',
      resources: [jobArn],
      time: new Date(startTime + 3 * minute + 100_000).toISOString(),
      detail: {
        batchJobName: 'nightly',
        batchJobArn: jobArn,
        batchModelId: profile,
        failureMessage: '',
        creationTime: startTime,
      },
    });
  });

  it('takes a folder, and writes one file of results per file of records', async () => {
    await upload(jsonl(records(60)), 'in/a.jsonl');
    await upload(jsonl(records(60)), 'in/deeper/b.jsonl');
    await upload('not records', 'in/picture.png');
    const jobArn = await create({ inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://batches/in' } } });
    expect(await finish(jobArn)).toMatchObject({ status: 'Completed', totalRecordCount: 120 });
    expect(await bench.keys('batches', folderOf(jobArn))).toEqual(
      ['a.jsonl.out', 'deeper/b.jsonl.out', 'manifest.json.out'].map((name) => folderOf(jobArn) + name),
    );
    expect(await output(jobArn, 'deeper/b.jsonl.out')).toHaveLength(60);
  });

  it('gives an id to a record that has none', async () => {
    const anonymous = records(100).map((entry) => ({
      modelInput: (entry as { modelInput: object }).modelInput,
    }));
    await upload(`\n${jsonl(anonymous).trimEnd()}`);
    const jobArn = await create();
    await finish(jobArn);
    const ids = (await output(jobArn)).map(({ recordId }) => recordId);
    expect(new Set(ids).size).toBe(100);
    for (const id of ids) expect(id).toMatch(/^[A-Z0-9]{11}$/);
  });
});

describe('records that fail', () => {
  it('answers each with its own error', async () => {
    const odd: [object, RegExp | string][] = [
      [record(0, { modelId: profile }), 'modelId: Extra inputs are not permitted'],
      [record(1, { system: [{ text: 'x' }, { cachePoint: { type: 'default' } }] }), /Prompt caching/],
      [record(2, { toolConfig: { tools: [{ toolSpec: { name: 'a' } }] } }), /Tool use/],
      [record(3, { outputConfig: { textFormat: { type: 'json_schema' } } }), /Structured output/],
      [record(4, { serviceTier: { type: 'flex' } }), /Service tiers/],
      [record(5, { performanceConfig: { latency: 'optimized' } }), /Latency/],
      [record(6, { note: 'please refuse' }), 'The model refused.'],
    ];
    const broken = record(7, { note: 'please break' });
    const good = records(100).slice(8);
    await upload(
      jsonl([...odd.map(([entry]) => entry), broken, ...good, record(100)]) +
        jsonl(records(8).map((_, index) => record(200 + index))),
    );
    const jobArn = await create();
    expect(await finish(jobArn)).toMatchObject({
      status: 'Completed',
      totalRecordCount: 109,
      processedRecordCount: 109,
      successRecordCount: 101,
      errorRecordCount: 8,
    });
    const byId = new Map((await output(jobArn)).map((line) => [line.recordId, line]));
    for (const [index, [, message]] of odd.entries()) {
      const line = byId.get(`record-${index}`);
      expect(line).not.toHaveProperty('modelOutput');
      expect(line?.error).toEqual({
        errorCode: 400,
        errorMessage: typeof message === 'string' ? message : expect.stringMatching(message),
      });
    }
    expect(byId.get('record-7')?.error).toMatchObject({ errorCode: 500 });
    // What was refused was never run, and so is not billed.
    expect(bench.runs).toHaveLength(103);
  });

  it('refuses the same in InvokeModel bodies, in the words of their vendor', async () => {
    const bodies = [
      { modelId: 'x' },
      { system: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }] },
      { tools: [{ name: 'a', input_schema: {} }] },
      { output_config: { format: { type: 'json_schema' } } },
      {
        messages: [
          {
            role: 'user',
            content: [{ type: 'tool_result', content: [{ type: 'text', text: 'x', cache_control: {} }] }],
          },
        ],
      },
    ];
    await upload(
      jsonl([
        ...bodies.map((modelInput, index) => ({ recordId: String(index), modelInput })),
        ...records(100),
      ]),
    );
    const jobArn = await create({ modelInvocationType: 'InvokeModel' });
    expect(await finish(jobArn)).toMatchObject({ errorRecordCount: 5, successRecordCount: 100 });
    const nova = await create({ modelId: 'amazon.nova-lite-v1:0', modelInvocationType: 'InvokeModel' });
    await finish(nova);
    const line = (await output(nova)).find(({ recordId }) => recordId === '0') as
      | Record<string, unknown>
      | undefined;
    expect(line?.error).toMatchObject({
      errorMessage:
        'Malformed input request: #: extraneous key [modelId] is not permitted, please reformat your input and try again.',
    });
    const good = (await output(nova)).find(({ recordId }) => recordId === 'record-5') as
      | Record<string, unknown>
      | undefined;
    expect(good?.modelOutput).toEqual({ content: [{ type: 'text', text: expect.any(String) }] });
  });
});

describe('jobs that fail validation', () => {
  const failure = async (
    more: Partial<CreateModelInvocationJobCommandInput> = {},
  ): Promise<string | undefined> => {
    const job = await finish(await create(more));
    expect(job).toMatchObject({
      status: 'Failed',
      totalRecordCount: 0,
      endTime: new Date(startTime + 2 * minute),
    });
    expect(bench.runs).toHaveLength(0);
    return job.message;
  };

  it('says so when there are fewer than 100 records', async () => {
    await upload(jsonl(records(99)));
    const jobArn = await create();
    expect(await finish(jobArn)).toMatchObject({
      status: 'Failed',
      message: `Batch job ${jobArn} contains less records (99) than the required minimum of: 100`,
    });
    expect(await bench.keys('batches', 'out/')).toEqual([]);
  });

  it.each([
    [
      '{"recordId":"a","modelInput":',
      'Line 101 of records.jsonl is not valid JSON. Each line must be one JSON object.',
    ],
    ['[1]', 'Line 101 of records.jsonl is not a JSON object.'],
    ['{"recordId":"a"}', 'Line 101 of records.jsonl has no modelInput object.'],
    ['{"recordId":7,"modelInput":{}}', 'Line 101 of records.jsonl has a recordId that is not a string.'],
  ])('says which line is broken: %s', async (line, message) => {
    await upload(`${jsonl(records(100))}${line}\n`);
    expect(await failure()).toBe(message);
  });

  it('says what is missing in S3', async () => {
    expect(await failure()).toMatch(/^No input was found at s3:\/\/batches\/in\/records.jsonl\./);
    const nowhere = { s3Uri: 's3://nowhere/in/records.jsonl' };
    await upload(jsonl(records(100)));
    const jobArn = await create({ inputDataConfig: { s3InputDataConfig: nowhere } });
    expect((await finish(jobArn)).message).toMatch(/^The S3 bucket nowhere does not exist/);
    const other = await create({
      outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://elsewhere/out/' } },
    });
    expect((await finish(other)).message).toMatch(/^The S3 bucket elsewhere does not exist/);
    const foreign = await create({
      outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://batches/out/', s3BucketOwner: '999999999999' } },
    });
    expect((await finish(foreign)).message).toMatch(/does not belong to the account 999999999999/);
  });

  it('keeps to the limits of files and jobs', async () => {
    await bench.stop();
    bench = await startBench({
      limits: { maxRecordsPerFile: 150, maxRecordsPerJob: 200, maxFileBytes: 100_000, maxJobBytes: 120_000 },
    });
    await bench.store.createBucket('batches');
    await upload(jsonl(records(151)));
    expect(await failure()).toBe(
      'Input file records.jsonl contains more records (151) than the allowed maximum of: 150',
    );
    await upload(jsonl(records(140)), 'in/records.jsonl');
    await upload(jsonl(records(140)), 'in/more.jsonl');
    const folder = { inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://batches/in/' } } };
    const jobArn = await create(folder);
    expect((await finish(jobArn)).message).toBe(
      `Batch job ${jobArn} contains more records (280) than the allowed maximum of: 200`,
    );
    await upload('x'.repeat(100_001));
    expect((await finish(await create())).message).toMatch(
      /^Input file records.jsonl is larger \(100001 bytes\)/,
    );
    await upload('x'.repeat(70_000), 'in/records.jsonl');
    await upload('x'.repeat(70_000), 'in/more.jsonl');
    expect((await finish(await create(folder))).message).toMatch(
      /^The input of the job is larger \(140000 bytes\)/,
    );
  });
});

describe('jobs that end early', () => {
  beforeEach(() => upload(jsonl(records(100))));

  it('stops on request, keeping what was processed', async () => {
    const jobArn = await create();
    await bench.clock.advance(3 * minute + 30_000);
    await until(async () => (await get(jobArn)).status === 'InProgress' && bench.runs.length >= 29);
    await bench.bedrock.send(new StopModelInvocationJobCommand({ jobIdentifier: jobArn }));
    expect((await get(jobArn)).status).toBe('Stopping');
    await bench.clock.advance(10 * minute);
    await bench.jobs.ended(jobArn);
    const job = await get(jobArn);
    expect(job.status).toBe('Stopped');
    const lines = await output(jobArn);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(100);
    expect(lines).toHaveLength(job.processedRecordCount ?? 0);
    expect(bench.runs).toHaveLength(lines.length);
    expect(await manifest(jobArn)).toMatchObject({
      totalRecordCount: 100,
      processedRecordCount: lines.length,
    });
    await expect(
      bench.bedrock.send(new StopModelInvocationJobCommand({ jobIdentifier: jobArn })),
    ).rejects.toMatchObject({ name: 'ConflictException' });
  });

  it('stops before it began, without output', async () => {
    const jobArn = await create();
    const jobIdentifier = jobArn.slice(jobArn.lastIndexOf('/') + 1);
    await bench.bedrock.send(new StopModelInvocationJobCommand({ jobIdentifier }));
    await bench.clock.advance(minute);
    await bench.jobs.ended(jobArn);
    expect(await get(jobArn)).toMatchObject({ status: 'Stopped', processedRecordCount: 0 });
    expect(await bench.keys('batches', 'out/')).toEqual([]);
    expect(bench.runs).toHaveLength(0);
  });

  it('stops after so many records when the script says so', async () => {
    bench.trouble.stopAfter = 37;
    const jobArn = await create();
    await bench.clock.advance(20 * minute);
    await bench.jobs.ended(jobArn);
    expect(await get(jobArn)).toMatchObject({ status: 'Stopped', processedRecordCount: 37 });
    expect(await output(jobArn)).toHaveLength(37);
    expect(bench.events.map(({ detail }) => detail.status)).toEqual([
      'Submitted',
      'Validating',
      'Scheduled',
      'InProgress',
      'Stopping',
      'Stopped',
    ]);
  });

  it.each([
    ['stop', 'Stopped'],
    ['partiallyComplete', 'PartiallyCompleted'],
    ['expire', 'Expired'],
  ] as const)('keeps partial output when trouble says %s', async (kind, status) => {
    bench.trouble.beforeRecord = ({ index }) => (index === 50 ? { kind } : undefined);
    const jobArn = await create();
    expect(await finish(jobArn)).toMatchObject({ status, totalRecordCount: 100, processedRecordCount: 50 });
    expect(await output(jobArn)).toHaveLength(50);
  });

  it.each([true, false])('fails midway, with partial output: %s', async (partialOutput) => {
    bench.trouble.beforeRecord = ({ index }) =>
      index === 50 ? { kind: 'fail', message: 'The service broke down.', partialOutput } : undefined;
    const jobArn = await create();
    expect(await finish(jobArn)).toMatchObject({ status: 'Failed', message: 'The service broke down.' });
    const names = partialOutput ? ['manifest.json.out', 'records.jsonl.out'] : [];
    expect(await bench.keys('batches', 'out/')).toEqual(names.map((name) => folderOf(jobArn) + name));
  });

  it('gives single records the errors that trouble asks for', async () => {
    bench.trouble.beforeRecord = ({ recordId }) =>
      recordId === 'record-7'
        ? { kind: 'recordError', errorCode: 503, errorMessage: 'Try again.' }
        : undefined;
    const jobArn = await create();
    expect(await finish(jobArn)).toMatchObject({
      status: 'Completed',
      successRecordCount: 99,
      errorRecordCount: 1,
    });
    const line = (await output(jobArn)).find(({ recordId }) => recordId === 'record-7') as
      | Record<string, unknown>
      | undefined;
    expect(line?.error).toEqual({ errorCode: 503, errorMessage: 'Try again.' });
  });

  it('completes partially when the records take longer than the timeout', async () => {
    await bench.stop();
    bench = await startBench({
      timings: { submittedMs: 0, validatingMs: 0, scheduledMs: 0, recordMs: 30 * minute },
    });
    await bench.store.createBucket('batches');
    await upload(jsonl(records(100)));
    const jobArn = await create();
    await bench.clock.advance(100 * 60 * minute);
    await bench.jobs.ended(jobArn);
    expect(await get(jobArn)).toMatchObject({
      status: 'PartiallyCompleted',
      processedRecordCount: 48,
      endTime: new Date(startTime + 24 * 60 * minute),
    });
    expect(await output(jobArn)).toHaveLength(48);
  });

  it('expires when its turn does not come in time', async () => {
    await bench.stop();
    bench = await startBench({ timings: { scheduledMs: 25 * 60 * minute } });
    await bench.store.createBucket('batches');
    await upload(jsonl(records(100)));
    const jobArn = await create();
    await bench.clock.advance(100 * 60 * minute);
    await bench.jobs.ended(jobArn);
    expect(await get(jobArn)).toMatchObject({ status: 'Expired', processedRecordCount: 0 });
    expect(bench.runs).toHaveLength(0);
  });

  it('fails when S3 does', async () => {
    bench.trouble.beforeStorage = ({ operation }) =>
      operation === 'write' ? 'Amazon S3 is not available.' : undefined;
    expect(await finish(await create())).toMatchObject({
      status: 'Failed',
      message: 'Amazon S3 is not available.',
    });
    bench.trouble.beforeStorage = ({ operation }) =>
      operation === 'list' ? 'Amazon S3 is not available.' : undefined;
    expect(await finish(await create())).toMatchObject({ status: 'Failed', totalRecordCount: 0 });
    let reads = 0;
    bench.trouble.beforeStorage = ({ operation }) =>
      operation === 'read' && ++reads === 2 ? 'Reading failed.' : undefined;
    expect(await finish(await create())).toMatchObject({
      status: 'Failed',
      message: 'Reading failed.',
      totalRecordCount: 100,
    });
  });
});

describe('CreateModelInvocationJob', () => {
  const refusal = async (
    more: Partial<CreateModelInvocationJobCommandInput>,
  ): Promise<BedrockServiceException> => {
    const error: unknown = await create(more).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    return error as BedrockServiceException;
  };

  it.each([
    [
      { jobName: 'no spaces' },
      /at 'jobName' failed to satisfy constraint: Member must satisfy regular expression/,
    ],
    [
      { jobName: 'a'.repeat(64) },
      /'jobName' failed to satisfy constraint: Member must have length less than or equal to 63/,
    ],
    [{ roleArn: 'batch' }, /Value 'batch' at 'roleArn'/],
    [{ timeoutDurationInHours: 23 }, /Member must have value greater than or equal to 24/],
    [{ timeoutDurationInHours: 169 }, /Member must have value less than or equal to 168/],
    [{ modelInvocationType: 'Stream' as never }, /enum value set: \[InvokeModel, Converse\]/],
    [
      { inputDataConfig: { s3InputDataConfig: { s3Uri: 'https://batches/in' } } },
      /inputDataConfig.s3InputDataConfig.s3Uri/,
    ],
    [
      { outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://UPPER/out' } } },
      /outputDataConfig.s3OutputDataConfig.s3Uri/,
    ],
    [{ modelId: 'anthropic.no-such-model' }, /^The provided model identifier is invalid\.$/],
    [
      { modelId: 'us.anthropic.claude-sonnet-5' },
      /^Batch inference is not supported for the requested model\.$/,
    ],
  ])('refuses %j', async (more, message) => {
    const error = await refusal(more);
    expect(error).toMatchObject({ name: 'ValidationException', message: expect.stringMatching(message) });
    expect(error.$metadata.httpStatusCode).toBe(400);
  });

  it('counts what is broken', async () => {
    const { message } = await refusal({ jobName: 'no spaces', roleArn: 'batch' });
    expect(message).toMatch(/^2 validation errors detected: .*jobName.*; .*roleArn/);
  });

  it('makes one job of one token', async () => {
    const first = await create({ clientRequestToken: 'token-1' });
    expect(await create({ clientRequestToken: 'token-1' })).toBe(first);
    expect(bench.jobs.list()).toHaveLength(1);
    expect(await refusal({ clientRequestToken: 'token-1', jobName: 'other' })).toMatchObject({
      name: 'ConflictException',
      $metadata: { httpStatusCode: 400 },
    });
    expect(await create()).not.toBe(first);
  });

  it('keeps to 100 unfinished jobs per base model', async () => {
    await upload(jsonl(records(100)));
    const arns = [];
    for (let index = 0; index < 100; index += 1)
      arns.push(await create({ modelId: index % 2 ? profile : `global.${model}` }));
    expect(await refusal({})).toMatchObject({
      name: 'ServiceQuotaExceededException',
      $metadata: { httpStatusCode: 400 },
    });
    await create({ modelId: 'amazon.nova-lite-v1:0' });
    await bench.bedrock.send(new StopModelInvocationJobCommand({ jobIdentifier: arns[0] }));
    await bench.clock.advance(minute);
    await bench.jobs.ended(arns[0] ?? '');
    await expect(create()).resolves.toBeDefined();
  });

  it('lists jobs by status, name and time, page by page', async () => {
    await upload(jsonl(records(100)));
    const first = await create({ jobName: 'first' });
    await finish(first);
    for (let index = 0; index < 5; index += 1) await create({ jobName: `later-${index}` });
    const names: (string | undefined)[] = [];
    for await (const page of paginateListModelInvocationJobs({ client: bench.bedrock, pageSize: 2 }, {})) {
      expect(page.invocationJobSummaries?.length).toBeLessThanOrEqual(2);
      names.push(...(page.invocationJobSummaries ?? []).map(({ jobName }) => jobName));
    }
    expect(names).toEqual(['later-4', 'later-3', 'later-2', 'later-1', 'later-0', 'first']);
    const list = async (input: object): Promise<(string | undefined)[]> =>
      (
        (await bench.bedrock.send(new ListModelInvocationJobsCommand(input))).invocationJobSummaries ?? []
      ).map(({ jobName }) => jobName);
    expect(await list({ statusEquals: 'Completed' })).toEqual(['first']);
    expect(await list({ nameContains: 'later', sortOrder: 'Ascending', maxResults: 1 })).toEqual(['later-0']);
    expect(await list({ submitTimeBefore: new Date(startTime + minute) })).toEqual(['first']);
    expect(await list({ submitTimeAfter: new Date(startTime + minute), nameContains: 'first' })).toEqual([]);
    await expect(list({ nextToken: 'nonsense' })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(list({ maxResults: 1001 })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('does not know a job that is not there', async () => {
    await expect(get('abcdefghijkl')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(get('not an id')).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
