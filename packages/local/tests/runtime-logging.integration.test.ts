import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  BedrockClient,
  GetModelInvocationLoggingConfigurationCommand,
  PutModelInvocationLoggingConfigurationCommand,
} from '@aws-sdk/client-bedrock';
import {
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createManualClock,
  type FolderLogging,
  type LocalBedrock,
  type LoggingConfiguration,
  proseModel,
  startLocalBedrock,
} from '../src/index.js';
import { runtimeClient } from './_clients.js';

const MODEL = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const messages = [{ role: 'user' as const, content: [{ text: 'Hello there' }] }];

describe('invocation logging', () => {
  let folder: string;
  let bedrock: LocalBedrock;
  let client: ReturnType<typeof runtimeClient>;

  const start = async (
    logging: LoggingConfiguration | Omit<FolderLogging, 'folder'> | undefined,
  ): Promise<void> => {
    bedrock = await startLocalBedrock({
      clock: createManualClock(Date.parse('2026-11-22T09:05:30Z')),
      models: { '*': proseModel({ tokens: { mean: 30 } }) },
      buckets: ['logs-bucket'],
      ...(logging === undefined ? {} : { logging: 's3Config' in logging ? logging : { folder, ...logging } }),
    });
    client = runtimeClient(bedrock, 'HTTP/2', { maxAttempts: 1 });
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'costkit-log-test-'));
  });
  afterEach(async () => {
    client.destroy();
    await bedrock.stop();
    await rm(folder, { recursive: true });
  });

  const paths = async (): Promise<string[]> => {
    await bedrock.flushLogs();
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    return found
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  };
  const records = async (): Promise<Record<string, unknown>[]> => {
    const files = (await paths()).filter((path) => path.endsWith('.json.gz') && !path.includes('/data/'));
    const texts = await Promise.all(
      files.map(async (path) => gunzipSync(await readFile(join(folder, path))).toString()),
    );
    return texts.flatMap((text) =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
  };

  it('writes a Converse call in the format of the service', async () => {
    await start({});
    const output = await client.send(
      new ConverseCommand({ modelId: MODEL, messages, requestMetadata: { team: 'search' } }),
    );
    expect(await paths()).toEqual([
      expect.stringMatching(
        /^AWSLogs\/123456789012\/BedrockModelInvocationLogs\/us-east-1\/2026\/11\/22\/09\/20261122T090530000Z_[0-9a-f]{16}\.json\.gz$/,
      ),
    ]);
    expect(await records()).toEqual([
      {
        timestamp: '2026-11-22T09:05:30Z',
        accountId: '123456789012',
        identity: { arn: 'arn:aws:iam::123456789012:user/AKIDLOCALBEDROCK' },
        region: 'us-east-1',
        requestId: output.$metadata.requestId,
        operation: 'Converse',
        modelId: MODEL,
        requestMetadata: { team: 'search' },
        input: {
          inputContentType: 'application/json',
          inputBodyJson: { messages, requestMetadata: { team: 'search' } },
          inputTokenCount: 2,
          cacheReadInputTokenCount: 0,
          cacheWriteInputTokenCount: 0,
        },
        output: {
          outputContentType: 'application/json',
          outputBodyJson: expect.objectContaining({ stopReason: 'end_turn', output: output.output }),
          outputTokenCount: output.usage?.outputTokens,
        },
        inferenceRegion: 'us-east-1',
        schemaType: 'ModelInvocationLog',
        schemaVersion: '1.0',
      },
    ]);
  });

  it('logs a ConverseStream as one object, a streamed InvokeModel as its chunks', async () => {
    await start({});
    const { stream } = await client.send(new ConverseStreamCommand({ modelId: MODEL, messages }));
    for await (const _ of stream ?? []);
    const { body } = await client.send(
      new InvokeModelWithResponseStreamCommand({
        modelId: MODEL,
        contentType: 'application/json',
        body: JSON.stringify({
          anthropic_version: 'bedrock-2023-05-31',
          max_tokens: 20,
          messages: [{ role: 'user', content: 'Hello' }],
        }),
      }),
    );
    for await (const _ of body ?? []);
    const logged = await records();
    const bodies = logged.map(({ operation, output }) => [
      operation,
      (output as { outputBodyJson: unknown }).outputBodyJson,
    ]);
    expect(Object.fromEntries(bodies)).toMatchObject({
      ConverseStream: { usage: { inputTokens: 2 }, output: { message: { role: 'assistant' } } },
      InvokeModelWithResponseStream: expect.arrayContaining([
        expect.objectContaining({ type: 'message_start' }),
      ]),
    });
  });

  it('logs a failed call with its error and nothing else of it', async () => {
    await start({});
    await client.send(new ConverseCommand({ modelId: MODEL, messages: [] })).catch(() => undefined);
    expect(await records()).toMatchObject([{ errorCode: 'ValidationException', input: {}, output: {} }]);
    const [record] = await records();
    expect(Object.keys(record?.['input'] ?? {})).toEqual([]);
  });

  it('keeps the counts and drops the bodies when text is not to be delivered', async () => {
    await start({ textDataDeliveryEnabled: false });
    await client.send(new ConverseCommand({ modelId: MODEL, messages }));
    const [record] = await records();
    expect(record?.['input']).not.toHaveProperty('inputBodyJson');
    expect(record?.['input']).toMatchObject({ inputTokenCount: 2 });
  });

  it('drops vectors when embeddings are not to be delivered', async () => {
    await start({ embeddingDataDeliveryEnabled: false });
    await client.send(
      new InvokeModelCommand({
        modelId: 'amazon.titan-embed-text-v2:0',
        contentType: 'application/json',
        body: JSON.stringify({ inputText: 'Hello there' }),
      }),
    );
    const [record] = await records();
    expect(record?.['output']).not.toHaveProperty('outputBodyJson');
    expect(record?.['input']).toMatchObject({
      inputBodyJson: { inputText: 'Hello there' },
      inputTokenCount: 2,
    });
  });

  it('puts large bodies and media into files of their own', async () => {
    await start({});
    const image = { format: 'png' as const, source: { bytes: Buffer.from('not really a picture') } };
    const document = {
      format: 'pdf' as const,
      name: 'contract',
      source: { bytes: Buffer.from('%PDF /Type /Page') },
    };
    const text = 'word '.repeat(30_000);
    await client.send(
      new ConverseCommand({
        modelId: MODEL,
        messages: [{ role: 'user', content: [{ text }, { image }, { document }] }],
      }),
    );
    const [record] = await records();
    const { inputBodyS3Path = '' } = (record?.['input'] ?? {}) as { inputBodyS3Path?: string };
    expect(inputBodyS3Path).toMatch(/^s3:\/\/.*\/data\/[0-9a-f-]{36}_input\.json\.gz$/);
    const large = (await paths()).find((path) => inputBodyS3Path.endsWith(path)) ?? '';
    const body = JSON.parse(gunzipSync(await readFile(join(folder, large))).toString());
    expect(body.messages[0].content[0].text).toBe(text);
    expect(body.messages[0].content[1].image.source.s3Uri).toMatch(/_input_media_00\.png$/);
    expect(body.messages[0].content[2].document.source.s3Uri).toMatch(/_input_media_01\.pdf$/);
    const picture = (await paths()).find((path) => path.endsWith('_input_media_00.png')) ?? '';
    expect(await readFile(join(folder, picture), 'utf8')).toBe('not really a picture');
  });

  it('writes calls that end together into one file, and loses none', async () => {
    await start({});
    await Promise.all(
      Array.from({ length: 60 }, () => client.send(new ConverseCommand({ modelId: MODEL, messages }))),
    );
    const logged = await records();
    expect(logged).toHaveLength(60);
    expect(new Set(logged.map((record) => record['requestId'])).size).toBe(60);
    expect((await paths()).length).toBeLessThan(60);
  });

  it('is turned on by the control plane, into a bucket', async () => {
    await start(undefined);
    const control = new BedrockClient(bedrock.clientConfig);
    const s3 = new S3Client(bedrock.s3ClientConfig);
    await client.send(new ConverseCommand({ modelId: MODEL, messages }));
    await control.send(
      new PutModelInvocationLoggingConfigurationCommand({
        loggingConfig: { s3Config: { bucketName: 'logs-bucket', keyPrefix: 'bedrock' } },
      }),
    );
    expect(
      (await control.send(new GetModelInvocationLoggingConfigurationCommand({}))).loggingConfig,
    ).toMatchObject({
      s3Config: { bucketName: 'logs-bucket' },
    });
    const output = await client.send(new ConverseCommand({ modelId: MODEL, messages }));
    await bedrock.flushLogs();
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'logs-bucket' }));
    const keys = Contents.map(({ Key = '' }) => Key).filter((key) => !key.endsWith('permission-check'));
    expect(keys).toEqual([expect.stringMatching(/^bedrock\/AWSLogs\/.*\.json\.gz$/)]);
    const object = await s3.send(new GetObjectCommand({ Bucket: 'logs-bucket', Key: keys[0] }));
    const bytes = await object.Body?.transformToByteArray();
    expect(JSON.parse(gunzipSync(bytes ?? new Uint8Array()).toString())).toMatchObject({
      requestId: output.$metadata.requestId,
    });
    control.destroy();
    s3.destroy();
  });
});
