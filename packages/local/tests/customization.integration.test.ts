import {
  BedrockClient,
  CreateCustomModelDeploymentCommand,
  CreateModelCustomizationJobCommand,
  type CreateModelCustomizationJobCommandInput,
  DeleteCustomModelCommand,
  DeleteCustomModelDeploymentCommand,
  GetCustomModelCommand,
  GetCustomModelDeploymentCommand,
  GetModelCustomizationJobCommand,
  type GetModelCustomizationJobCommandOutput,
  ListCustomModelDeploymentsCommand,
  ListCustomModelsCommand,
  ListModelCustomizationJobsCommand,
  ListTagsForResourceCommand,
  StopModelCustomizationJobCommand,
} from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createManualClock,
  type LocalBedrock,
  type LocalModel,
  type ManualClock,
  startLocalBedrock,
} from '../src/index.js';

const TEACHER = 'amazon.nova-pro-v1:0';
const STUDENT = 'amazon.nova-micro-v1:0';

const says = (text: string): LocalModel => ({
  kind: 'fixed',
  answer: () => ({ parts: [{ type: 'text', text }] }),
});

let bedrock: LocalBedrock;
let clock: ManualClock;
let control: BedrockClient;
let runtime: BedrockRuntimeClient;
let s3: S3Client;

beforeEach(async () => {
  clock = createManualClock(Date.UTC(2026, 10, 2));
  bedrock = await startLocalBedrock({
    clock,
    buckets: ['data'],
    logging: { s3Config: { bucketName: 'data', keyPrefix: 'logs' }, textDataDeliveryEnabled: true },
    customization: { timings: { validationMs: 60_000, dataProcessingMs: 60_000, trainingMs: 3_600_000 } },
    models: { [TEACHER]: says('The teacher.'), 'our-student': says('The student.'), '*': says('The base.') },
  });
  control = new BedrockClient({ ...bedrock.clientConfig, maxAttempts: 1 });
  runtime = new BedrockRuntimeClient(bedrock.clientConfig);
  s3 = new S3Client(bedrock.s3ClientConfig);
});
afterEach(async () => {
  for (const client of [control, runtime, s3]) client.destroy();
  await bedrock.stop();
});

const prompt = (index: number): object => ({
  schemaVersion: 'bedrock-conversation-2024',
  system: [{ text: 'Be short.' }],
  messages: [{ role: 'user', content: [{ text: `Question ${index}` }] }],
});

const upload = (lines: readonly unknown[]): Promise<unknown> =>
  s3.send(
    new PutObjectCommand({
      Bucket: 'data',
      Key: 'train.jsonl',
      Body: lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
    }),
  );

const job = (
  changes: Partial<CreateModelCustomizationJobCommandInput> = {},
): CreateModelCustomizationJobCommandInput => ({
  jobName: 'distil-support',
  customModelName: 'our-student',
  roleArn: 'arn:aws:iam::123456789012:role/distil',
  baseModelIdentifier: `${STUDENT}:128k`,
  customizationType: 'DISTILLATION',
  trainingDataConfig: { s3Uri: 's3://data/train.jsonl' },
  outputDataConfig: { s3Uri: 's3://data/out' },
  customizationConfig: {
    distillationConfig: {
      teacherModelConfig: { teacherModelIdentifier: TEACHER, maxResponseLengthForInference: 50 },
    },
  },
  ...changes,
});

const get = (jobIdentifier: string | undefined): Promise<GetModelCustomizationJobCommandOutput> =>
  control.send(new GetModelCustomizationJobCommand({ jobIdentifier }));

/** Lets the clock run until the job has ended. */
async function ended(jobArn: string | undefined): Promise<GetModelCustomizationJobCommandOutput> {
  for (;;) {
    const found = await get(jobArn);
    if (found.status !== 'InProgress' && found.status !== 'Stopping') return found;
    await clock.advance(60_000);
  }
}

const hundred = Array.from({ length: 100 }, (_, index) => prompt(index));

describe('distillation', { timeout: 60_000 }, () => {
  it('asks the teacher at its price, makes a model, and serves its deployment by token', async () => {
    await upload(hundred);
    const { jobArn } = await control.send(
      new CreateModelCustomizationJobCommand(
        job({ jobTags: [{ key: 'team', value: 'support' }], customModelTags: [{ key: 'of', value: 'us' }] }),
      ),
    );
    expect(jobArn).toMatch(/:model-customization-job\/amazon\.nova-micro-v1:0:128k\/[a-z0-9]{12}$/);
    expect((await get(jobArn)).status).toBe('InProgress');
    const done = await ended(jobArn);
    expect(done).toMatchObject({
      status: 'Completed',
      customizationType: 'DISTILLATION',
      outputModelName: 'our-student',
      statusDetails: {
        validationDetails: { status: 'Completed' },
        dataProcessingDetails: { status: 'Completed' },
        trainingDetails: { status: 'Completed' },
      },
    });
    expect(done.endTime?.getTime()).toBe(Date.UTC(2026, 10, 2) + 3_720_000);

    const { lines, complete } = bedrock.bill();
    expect(lines.filter(({ model }) => model === TEACHER)).toHaveLength(100);
    const [training] = lines.filter(({ operation }) => operation === 'CreateModelCustomizationJob');
    expect(training?.units['trainingToken']).toBeGreaterThan(100);
    expect({ cost: training?.picoUsd, complete }).toEqual({ cost: undefined, complete: false });

    const modelArn = done.outputModelArn;
    const models = await control.send(new ListCustomModelsCommand({}));
    expect(models.modelSummaries).toMatchObject([
      { modelArn, modelName: 'our-student', modelStatus: 'Active' },
    ]);
    expect(await control.send(new GetCustomModelCommand({ modelIdentifier: 'our-student' }))).toMatchObject({
      modelArn,
      jobArn,
      customizationType: 'DISTILLATION',
    });
    expect(await control.send(new ListTagsForResourceCommand({ resourceARN: modelArn }))).toMatchObject({
      tags: [{ key: 'of', value: 'us' }],
    });

    const { customModelDeploymentArn: modelId } = await control.send(
      new CreateCustomModelDeploymentCommand({ modelDeploymentName: 'live', modelArn }),
    );
    expect(
      await control.send(new GetCustomModelDeploymentCommand({ customModelDeploymentIdentifier: modelId })),
    ).toMatchObject({ status: 'Active', modelArn, modelDeploymentName: 'live' });
    const answer = await runtime.send(
      new ConverseCommand({ modelId, messages: [{ role: 'user', content: [{ text: 'Hi' }] }] }),
    );
    expect(answer.output?.message?.content?.[0]?.text).toBe('The student.');
    expect(bedrock.bill().lines.at(-1)).toMatchObject({ model: STUDENT, scope: 'custom', modelId });

    await expect(
      control.send(new DeleteCustomModelCommand({ modelIdentifier: modelArn })),
    ).rejects.toMatchObject({ name: 'ConflictException' });
    expect(await control.send(new ListCustomModelDeploymentsCommand({}))).toMatchObject({
      modelDeploymentSummaries: [{ customModelDeploymentName: 'live' }],
    });
    await control.send(new DeleteCustomModelDeploymentCommand({ customModelDeploymentIdentifier: modelId }));
    await control.send(new DeleteCustomModelCommand({ modelIdentifier: modelArn }));
    await expect(
      runtime.send(new ConverseCommand({ modelId, messages: [{ role: 'user', content: [{ text: 'Hi' }] }] })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('learns the logged answers of the teacher without asking it again', async () => {
    const logged = Array.from({ length: 110 }, (_, index) =>
      runtime.send(
        new ConverseCommand({
          modelId: index < 105 ? TEACHER : STUDENT,
          messages: [{ role: 'user', content: [{ text: `Question ${index}` }] }],
          requestMetadata: { task: index < 102 ? 'support' : 'other' },
        }),
      ),
    );
    await Promise.all(logged);
    await bedrock.flushLogs();
    const before = bedrock.bill().lines.length;
    const trainingDataConfig = {
      invocationLogsConfig: {
        invocationLogSource: { s3Uri: 's3://data/logs' },
        usePromptResponse: true,
        requestMetadataFilters: { andAll: [{ equals: { task: 'support' } }, { notEquals: { team: 'x' } }] },
      },
    };
    const { jobArn } = await control.send(
      new CreateModelCustomizationJobCommand(job({ trainingDataConfig })),
    );
    expect((await ended(jobArn)).status).toBe('Completed');
    expect(bedrock.bill().lines.slice(before)).toMatchObject([{ operation: 'CreateModelCustomizationJob' }]);

    const few = {
      ...trainingDataConfig.invocationLogsConfig,
      requestMetadataFilters: { equals: { task: 'no' } },
    };
    const { jobArn: empty } = await control.send(
      new CreateModelCustomizationJobCommand(
        job({ jobName: 'few', trainingDataConfig: { invocationLogsConfig: few } }),
      ),
    );
    expect((await ended(empty)).failureMessage).toMatch(/has 0 prompts; at least 100/);
  });

  it.each([
    ['too few prompts', hundred.slice(1), /has 99 prompts; at least 100/],
    ['a line that is no JSON', [...hundred, '{'], /Line 101 of train\.jsonl is no JSON object/],
    [
      'an image',
      [{ ...prompt(0), messages: [{ role: 'user', content: [{ image: {} }] }] }, ...hundred],
      /Line 1/,
    ],
    [
      'two user turns in a row',
      [
        { ...prompt(0), messages: [0, 1].map(() => ({ role: 'user', content: [{ text: 'a' }] })) },
        ...hundred,
      ],
      /no conversation/,
    ],
    ['another schema', [{ ...prompt(0), schemaVersion: '1' }, ...hundred], /schemaVersion/],
  ])('fails with %s, before the teacher is asked', async (_, lines, message) => {
    await upload(lines);
    const { jobArn } = await control.send(new CreateModelCustomizationJobCommand(job()));
    const failed = await ended(jobArn);
    expect(failed).toMatchObject({
      status: 'Failed',
      statusDetails: {
        validationDetails: { status: 'Failed' },
        dataProcessingDetails: { status: 'NotStarted' },
      },
    });
    expect(failed.failureMessage).toMatch(message);
    expect(bedrock.bill().lines).toEqual([]);
  });

  it('is idempotent by its token, and stops when told to', async () => {
    await upload(hundred);
    const create = (changes = {}): Promise<{ jobArn: string | undefined }> =>
      control.send(new CreateModelCustomizationJobCommand(job({ clientRequestToken: 'once', ...changes })));
    const { jobArn } = await create();
    expect((await create()).jobArn).toBe(jobArn);
    await expect(create({ jobName: 'other' })).rejects.toMatchObject({ name: 'ConflictException' });
    await expect(create({ clientRequestToken: 'twice' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await control.send(new StopModelCustomizationJobCommand({ jobIdentifier: jobArn }));
    expect((await ended(jobArn)).status).toBe('Stopped');
    const { modelCustomizationJobSummaries } = await control.send(
      new ListModelCustomizationJobsCommand({ statusEquals: 'Stopped' }),
    );
    expect(modelCustomizationJobSummaries).toMatchObject([{ jobArn, jobName: 'distil-support' }]);
    await expect(
      control.send(new StopModelCustomizationJobCommand({ jobIdentifier: jobArn })),
    ).rejects.toMatchObject({ name: 'ConflictException' });
  });

  it('refuses pairs that the service does not distil, and requests that say too little', async () => {
    const refused = (changes: Partial<CreateModelCustomizationJobCommandInput>): Promise<unknown> =>
      control.send(new CreateModelCustomizationJobCommand(job(changes)));
    const teacherIs = (
      teacherModelIdentifier: string,
    ): CreateModelCustomizationJobCommandInput['customizationConfig'] => ({
      distillationConfig: { teacherModelConfig: { teacherModelIdentifier } },
    });
    for (const changes of [
      { customizationConfig: teacherIs('anthropic.claude-haiku-4-5-20251001-v1:0') },
      { customizationConfig: teacherIs('acme.nope') },
      { customizationType: 'FINE_TUNING' as const },
      { trainingDataConfig: {} },
      { jobName: 'no spaces' },
    ]) {
      await expect(refused(changes)).rejects.toMatchObject({ name: 'ValidationException' });
    }
    await expect(get('nowhere')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
