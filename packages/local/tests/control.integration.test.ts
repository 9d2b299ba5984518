import {
  CreateInferenceProfileCommand,
  CreateModelInvocationJobCommand,
  DeleteInferenceProfileCommand,
  DeleteModelInvocationLoggingConfigurationCommand,
  GetFoundationModelAvailabilityCommand,
  GetFoundationModelCommand,
  GetInferenceProfileCommand,
  GetModelInvocationLoggingConfigurationCommand,
  type InferenceProfileSummary,
  ListFoundationModelsCommand,
  ListInferenceProfilesCommand,
  ListTagsForResourceCommand,
  PutModelInvocationLoggingConfigurationCommand,
  paginateListInferenceProfiles,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-bedrock';
import { CATALOGUE, type CatalogueModel } from '@costkit/pricing/catalogue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, startBench } from './_bench.js';

const haiku = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const novaLite = 'amazon.nova-lite-v1:0';
const titan = 'amazon.titan-embed-text-v2:0';
let bench: Bench;

beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

describe('foundation models', () => {
  const list = async (input: object = {}) =>
    (await bench.bedrock.send(new ListFoundationModelsCommand(input))).modelSummaries ?? [];

  it('lists what the catalogue offers in the Region', async () => {
    const models = await list();
    const byId = new Map(models.map((model) => [model.modelId, model]));
    expect(byId.size).toBe(models.length);
    expect(byId.get(novaLite)).toMatchObject({
      modelArn: `arn:aws:bedrock:us-east-1::foundation-model/${novaLite}`,
      modelName: 'Nova Lite',
      inputModalities: ['TEXT', 'IMAGE'],
      outputModalities: ['TEXT'],
      responseStreamingSupported: true,
      modelLifecycle: { status: 'ACTIVE' },
    });
    expect(byId.get(titan)).toMatchObject({
      outputModalities: ['EMBEDDING'],
      inferenceTypesSupported: ['ON_DEMAND'],
    });
    const over = [...CATALOGUE.values()].filter(
      ({ lifecycle }) => Date.parse(lifecycle.endOfLife ?? '') <= bench.clock.now(),
    );
    expect(over.length).toBeGreaterThan(0);
    for (const { id } of over) expect(byId.has(id)).toBe(false);
  });

  it('filters by provider, modality and inference type', async () => {
    const anthropic = await list({ byProvider: 'Anthropic' });
    expect(anthropic.length).toBeGreaterThan(3);
    for (const { modelId } of anthropic) expect(modelId).toMatch(/^anthropic\./);
    const embeddings = await list({ byOutputModality: 'EMBEDDING' });
    expect(embeddings.map(({ modelId }) => modelId)).toContain(titan);
    for (const { outputModalities } of embeddings) expect(outputModalities).toEqual(['EMBEDDING']);
    for (const { inferenceTypesSupported } of await list({ byInferenceType: 'ON_DEMAND' })) {
      expect(inferenceTypesSupported).toContain('ON_DEMAND');
    }
    expect(await list({ byInferenceType: 'PROVISIONED' })).toEqual([]);
    await expect(list({ byOutputModality: 'SMELL' })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('gets one by id or ARN, with its life', async () => {
    const get = async (modelIdentifier: string) =>
      (await bench.bedrock.send(new GetFoundationModelCommand({ modelIdentifier }))).modelDetails;
    expect(await get(haiku)).toMatchObject({ modelId: haiku, modelLifecycle: { status: 'ACTIVE' } });
    expect(await get(`arn:aws:bedrock:us-east-1::foundation-model/${novaLite}`)).toMatchObject({
      modelId: novaLite,
    });
    const lifecycle = { legacyFrom: '2026-10-01', extendedAccessFrom: '2027-01-01', endOfLife: '2027-04-01' };
    const row = { ...(CATALOGUE.get(novaLite) as CatalogueModel), id: 'test.leaving-v1:0', lifecycle };
    bench.catalogue.set(row.id, row);
    expect((await get(row.id))?.modelLifecycle).toEqual({
      status: 'LEGACY',
      legacyTime: new Date('2026-10-01'),
      publicExtendedAccessTime: new Date('2027-01-01'),
      endOfLifeTime: new Date('2027-04-01'),
    });
    await expect(get('anthropic.no-such-model')).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'The provided model identifier is invalid.',
    });
    await bench.clock.advance(200 * 24 * 3_600_000);
    await expect(get(row.id)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('says of what it offers that it can be called', async () => {
    const get = (modelId: string) =>
      bench.bedrock.send(new GetFoundationModelAvailabilityCommand({ modelId }));
    expect(await get(novaLite)).toMatchObject({
      modelId: novaLite,
      agreementAvailability: { status: 'AVAILABLE' },
      authorizationStatus: 'AUTHORIZED',
    });
    await expect(get('anthropic.no-such-model')).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('inference profiles', () => {
  const create = async (more: object = {}): Promise<string> => {
    const { inferenceProfileArn = '', status } = await bench.bedrock.send(
      new CreateInferenceProfileCommand({
        inferenceProfileName: 'support team',
        modelSource: { copyFrom: `arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.${haiku}` },
        tags: [{ key: 'team', value: 'support' }],
        ...more,
      }),
    );
    expect(status).toBe('ACTIVE');
    return inferenceProfileArn;
  };

  it('lists those of the service that can be called from the Region, page by page', async () => {
    const profiles: InferenceProfileSummary[] = [];
    let pages = 0;
    for await (const page of paginateListInferenceProfiles({ client: bench.bedrock, pageSize: 10 }, {})) {
      pages += 1;
      profiles.push(...(page.inferenceProfileSummaries ?? []));
    }
    expect(pages).toBe(Math.ceil(profiles.length / 10));
    const ids = profiles.map(({ inferenceProfileId }) => inferenceProfileId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain(`us.${haiku}`);
    expect(ids).toContain(`global.${haiku}`);
    expect(ids.filter((id) => id?.startsWith('eu.'))).toEqual([]);
    expect(profiles.find(({ inferenceProfileId }) => inferenceProfileId === `us.${haiku}`)).toMatchObject({
      inferenceProfileName: 'US Claude Haiku 4.5',
      inferenceProfileArn: `arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.${haiku}`,
      type: 'SYSTEM_DEFINED',
      status: 'ACTIVE',
      models: ['us-east-1', 'us-east-2', 'us-west-2'].map((destination) => ({
        modelArn: `arn:aws:bedrock:${destination}::foundation-model/${haiku}`,
      })),
    });
    for (const { inferenceProfileArn = '' } of profiles) {
      expect(bench.context.engine.resolve(inferenceProfileArn)).toBeDefined();
    }
  });

  it('creates an application profile that the engine understands, and deletes it', async () => {
    const arn = await create();
    expect(arn).toMatch(
      /^arn:aws:bedrock:us-east-1:123456789012:application-inference-profile\/[a-z0-9]{12}$/,
    );
    expect(bench.context.engine.resolve(arn)).toMatchObject({ model: { id: haiku }, scope: 'geo:us' });
    const profile = await bench.bedrock.send(
      new GetInferenceProfileCommand({ inferenceProfileIdentifier: arn }),
    );
    expect(profile).toMatchObject({
      inferenceProfileName: 'support team',
      type: 'APPLICATION',
      createdAt: new Date(bench.clock.now()),
      models: expect.arrayContaining([{ modelArn: `arn:aws:bedrock:us-west-2::foundation-model/${haiku}` }]),
    });
    const listed = await bench.bedrock.send(new ListInferenceProfilesCommand({ typeEquals: 'APPLICATION' }));
    expect(listed.inferenceProfileSummaries?.map(({ inferenceProfileArn }) => inferenceProfileArn)).toEqual([
      arn,
    ]);
    await bench.bedrock.send(new DeleteInferenceProfileCommand({ inferenceProfileIdentifier: arn }));
    expect(bench.context.engine.resolve(arn)).toBeUndefined();
    await expect(
      bench.bedrock.send(new GetInferenceProfileCommand({ inferenceProfileIdentifier: arn })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('copies a foundation model too', async () => {
    const arn = await create({
      modelSource: { copyFrom: `arn:aws:bedrock:us-east-1::foundation-model/${novaLite}` },
    });
    expect(bench.context.engine.resolve(arn)).toMatchObject({ model: { id: novaLite }, scope: 'inRegion' });
  });

  it('makes one profile of one token', async () => {
    const arn = await create({ clientRequestToken: 'token' });
    expect(await create({ clientRequestToken: 'token' })).toBe(arn);
    await expect(
      create({ clientRequestToken: 'token', inferenceProfileName: 'other' }),
    ).rejects.toMatchObject({
      name: 'ConflictException',
    });
  });

  it('refuses what it cannot copy, name or delete', async () => {
    const cases: [object, RegExp][] = [
      [{ inferenceProfileName: 'no/slash' }, /inferenceProfileName/],
      [{ modelSource: { copyFrom: haiku } }, /modelSource.copyFrom/],
      [
        { modelSource: { copyFrom: 'arn:aws:bedrock:us-east-1::foundation-model/anthropic.nothing' } },
        /model identifier is invalid/,
      ],
      [{ tags: [{ key: 'aws:reserved', value: 'x' }] }, /reserved/],
    ];
    for (const [more, message] of cases) {
      await expect(create(more)).rejects.toMatchObject({
        name: 'ValidationException',
        message: expect.stringMatching(message),
      });
    }
    await expect(
      bench.bedrock.send(new DeleteInferenceProfileCommand({ inferenceProfileIdentifier: `us.${haiku}` })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('tags, untags and lists tags', async () => {
    const resourceARN = await create();
    const tags = async () => (await bench.bedrock.send(new ListTagsForResourceCommand({ resourceARN }))).tags;
    expect(await tags()).toEqual([{ key: 'team', value: 'support' }]);
    await bench.bedrock.send(
      new TagResourceCommand({
        resourceARN,
        tags: [
          { key: 'team', value: 'sales' },
          { key: 'tier', value: '1' },
        ],
      }),
    );
    expect(await tags()).toEqual([
      { key: 'team', value: 'sales' },
      { key: 'tier', value: '1' },
    ]);
    await bench.bedrock.send(new UntagResourceCommand({ resourceARN, tagKeys: ['team', 'unknown'] }));
    expect(await tags()).toEqual([{ key: 'tier', value: '1' }]);
    const many = Array.from({ length: 50 }, (_, index) => ({ key: `k${index}`, value: '' }));
    await expect(
      bench.bedrock.send(new TagResourceCommand({ resourceARN, tags: many })),
    ).rejects.toMatchObject({
      name: 'TooManyTagsException',
    });
    await expect(
      bench.bedrock.send(new ListTagsForResourceCommand({ resourceARN: resourceARN.replace(/.$/, '_') })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('runs a batch job under an application profile, with its tags', async () => {
    await bench.store.createBucket('batches');
    const { jobArn = '' } = await bench.bedrock.send(
      new CreateModelInvocationJobCommand({
        jobName: 'tagged',
        roleArn: 'arn:aws:iam::123456789012:role/batch',
        modelId: await create(),
        inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://batches/in.jsonl' } },
        outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://batches/out/' } },
        tags: [{ key: 'team', value: 'nightly' }],
      }),
    );
    const { tags } = await bench.bedrock.send(new ListTagsForResourceCommand({ resourceARN: jobArn }));
    expect(tags).toEqual([{ key: 'team', value: 'nightly' }]);
  });
});

describe('invocation logging', () => {
  const put = (loggingConfig: object) =>
    bench.bedrock.send(new PutModelInvocationLoggingConfigurationCommand({ loggingConfig } as never));

  it('is off at first, can be set, read and removed', async () => {
    const get = async () =>
      (await bench.bedrock.send(new GetModelInvocationLoggingConfigurationCommand({}))).loggingConfig;
    expect(await get()).toBeUndefined();
    await bench.store.createBucket('logs');
    const configuration = {
      s3Config: { bucketName: 'logs', keyPrefix: 'bedrock' },
      textDataDeliveryEnabled: true,
    };
    await put(configuration);
    expect(await get()).toEqual(configuration);
    expect(bench.logging()).toEqual(configuration);
    expect(await bench.keys('logs')).toEqual([
      'bedrock/AWSLogs/123456789012/BedrockModelInvocationLogs/amazon-bedrock-logs-permission-check',
    ]);
    await bench.bedrock.send(new DeleteModelInvocationLoggingConfigurationCommand({}));
    expect(await get()).toBeUndefined();
  });

  it('refuses a bucket that is not there, and a destination it cannot serve', async () => {
    await expect(put({ s3Config: { bucketName: 'missing' } })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('missing'),
    });
    await expect(
      put({ cloudWatchConfig: { logGroupName: 'logs', roleArn: 'arn:aws:iam::123456789012:role/logs' } }),
    ).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('s3Config') });
    await expect(put({ s3Config: { bucketName: 'x' } })).rejects.toMatchObject({
      message: expect.stringMatching(/loggingConfig.s3Config.bucketName.*greater than or equal to 3/),
    });
    expect(bench.logging()).toBeUndefined();
  });
});

describe('the wire', () => {
  const post = (path: string, body: string) => fetch(`${bench.endpoint}${path}`, { method: 'POST', body });

  it('refuses a body that is no JSON object', async () => {
    for (const body of ['{', '[]', '"text"']) {
      const response = await post('/model-invocation-job', body);
      expect(response.status).toBe(400);
      expect(response.headers.get('x-amzn-errortype')).toMatch(/^ValidationException:/);
    }
  });

  it('says all that is missing from an empty request', async () => {
    const { message } = (await (await post('/model-invocation-job', '{}')).json()) as { message: string };
    for (const name of ['jobName', 'roleArn', 'modelId', 'inputDataConfig', 'outputDataConfig']) {
      expect(message).toContain(`Value at '${name}' failed to satisfy constraint: Member must not be null`);
    }
    expect(message).toMatch(/^5 validation errors detected: /);
  });

  it('leaves alone what is not its own', async () => {
    expect((await post('/unknown', '{}')).status).toBe(404);
    expect((await fetch(`${bench.endpoint}/foundation-models/%zz`)).status).toBe(400);
  });
});
