import {
  BedrockClient,
  CreateInferenceProfileCommand,
  CreateModelInvocationJobCommand,
  GetModelInvocationJobCommand,
} from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../src/clock.js';
import type { LocalBedrockOptions } from '../src/options.js';
import { type LocalBedrock, startLocalBedrock } from '../src/start-local-bedrock.js';

const model = 'amazon.nova-lite-v1:0';
let local: LocalBedrock;
let clock: ManualClock;
let runtime: BedrockRuntimeClient;
let bedrock: BedrockClient;
let s3: S3Client;

const start = async (options: LocalBedrockOptions = {}): Promise<void> => {
  clock = createManualClock(Date.parse('2026-11-22T08:00:00Z'));
  local = await startLocalBedrock({ clock, buckets: ['batches'], ...options });
  runtime = new BedrockRuntimeClient(local.clientConfig);
  bedrock = new BedrockClient(local.clientConfig);
  s3 = new S3Client(local.s3ClientConfig);
};
beforeEach(() => start());
afterEach(async () => {
  for (const client of [runtime, bedrock, s3]) client.destroy();
  await local.stop();
});

const question = (index: number): { messages: { role: 'user'; content: { text: string }[] }[] } => ({
  messages: [{ role: 'user', content: [{ text: `Describe the document number ${index} in one sentence.` }] }],
});
const converseInput = (index: number): object => ({ ...question(index), inferenceConfig: { maxTokens: 60 } });
const runBatch = async (
  modelId: string,
  count = 100,
  modelInvocationType: 'Converse' | 'InvokeModel' = 'Converse',
  inputOf = converseInput,
): Promise<string> => {
  const body = Array.from({ length: count }, (_, index) =>
    JSON.stringify({ recordId: `record-${index}`, modelInput: inputOf(index) }),
  ).join('\n');
  await new Upload({
    client: s3,
    params: { Bucket: 'batches', Key: 'in/records.jsonl', Body: Buffer.from(body) },
  }).done();
  const { jobArn = '' } = await bedrock.send(
    new CreateModelInvocationJobCommand({
      jobName: 'nightly',
      roleArn: 'arn:aws:iam::123456789012:role/batch',
      modelId,
      modelInvocationType,
      inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://batches/in/records.jsonl' } },
      outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://batches/out/' } },
    }),
  );
  for (let round = 0; round < 500; round += 1) {
    const { endTime } = await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier: jobArn }));
    if (endTime !== undefined) return jobArn;
    await clock.advance(20);
  }
  throw new Error('the job did not end');
};
const results = async (jobArn: string) => {
  const Key = `out/${jobArn.slice(jobArn.lastIndexOf('/') + 1)}/records.jsonl.out`;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'batches', Key }));
  const text = (await Body?.transformToString()) ?? '';
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
};

describe('batch over the common server', () => {
  it('answers as the real-time API does, at half its price to the last digit', async () => {
    const jobArn = await runBatch(model);
    const lines = await results(jobArn);
    expect(lines).toHaveLength(100);
    const batchPicoUsd = local.bill().lines.reduce((sum, line) => sum + (line.picoUsd ?? 0n), 0n);
    expect(local.bill().lines).toHaveLength(100);
    for (const { mode } of local.bill().lines) expect(mode).toMatchObject({ batch: true });
    let onDemandPicoUsd = 0n;
    for (let index = 0; index < 100; index += 1) {
      const before = local.bill().lines.length;
      const { output } = await runtime.send(
        new ConverseCommand({ modelId: model, ...question(index), inferenceConfig: { maxTokens: 60 } }),
      );
      onDemandPicoUsd += local.bill().lines[before]?.picoUsd ?? 0n;
      const line = lines.find(({ recordId }) => recordId === `record-${index}`);
      expect(line.modelOutput.output.message.content[0].text).toBe(output?.message?.content?.[0]?.text);
    }
    expect(onDemandPicoUsd).toBeGreaterThan(0n);
    expect(batchPicoUsd * 2n).toBe(onDemandPicoUsd);
  });

  it('bills under an application profile what its source costs', async () => {
    const { inferenceProfileArn = '' } = await bedrock.send(
      new CreateInferenceProfileCommand({
        inferenceProfileName: 'team',
        modelSource: { copyFrom: `arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.${model}` },
      }),
    );
    await runtime.send(new ConverseCommand({ modelId: inferenceProfileArn, ...question(0) }));
    await runtime.send(new ConverseCommand({ modelId: `us.${model}`, ...question(0) }));
    const [byProfile, bySource] = local.bill().lines;
    expect(byProfile).toMatchObject({ modelId: inferenceProfileArn, model, scope: 'geo:us' });
    expect(byProfile?.picoUsd).toBe(bySource?.picoUsd);
    await runBatch(inferenceProfileArn);
    expect(local.bill().lines).toHaveLength(102);
    expect(local.bill().lines.at(-1)).toMatchObject({ modelId: inferenceProfileArn, scope: 'geo:us' });
  });

  it('stops midway when the script says so, and bills what was processed', async () => {
    local.addTrouble({ operation: 'ModelInvocationJob', action: { type: 'stopBatchJob', afterRecords: 40 } });
    const jobArn = await runBatch(model);
    const job = await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier: jobArn }));
    expect(job).toMatchObject({ status: 'Stopped', processedRecordCount: 40, totalRecordCount: 100 });
    expect(await results(jobArn)).toHaveLength(40);
    expect(local.bill().lines).toHaveLength(40);
  });

  it('embeds in batch, and answers a Converse record of such a model with an error', async () => {
    const embedding = 'amazon.titan-embed-text-v2:0';
    const jobArn = await runBatch(embedding, 100, 'InvokeModel', (index) => ({
      inputText: `text ${index}`,
      dimensions: 256,
    }));
    for (const line of await results(jobArn)) expect(line.modelOutput.embedding).toHaveLength(256);
    expect(local.bill().lines).toHaveLength(100);
    expect(local.bill().lines[0]?.tokens.output).toBe(0);
    const other = await runBatch(embedding);
    expect(await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier: other }))).toMatchObject({
      status: 'Completed',
      errorRecordCount: 100,
    });
    for (const line of await results(other)) expect(line.error.errorCode).toBe(400);
    expect(local.bill().lines).toHaveLength(100);
  });

  it('bills nothing for a job that fails validation', async () => {
    const jobArn = await runBatch(model, 99);
    const job = await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier: jobArn }));
    expect(job).toMatchObject({
      status: 'Failed',
      message: `Batch job ${jobArn} contains less records (99) than the required minimum of: 100`,
    });
    expect(local.bill().lines).toHaveLength(0);
  });
});
