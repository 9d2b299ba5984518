import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BedrockClient,
  CreateModelInvocationJobCommand,
  GetModelInvocationJobCommand,
} from '@aws-sdk/client-bedrock';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createManualClock, type ManualClock, startLocalBedrock } from '@costkit/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { analyzeLogs } from '../src/analyze-logs.js';
import { fetchBatchOutputs } from '../src/aws/fetch-batch-outputs.js';
import { type AnyRecord, aRecord, HOUR, lines, writeBelow } from './one-record.js';
import { temporaryFolder } from './temporary-folder.js';

const BEGIN = Date.UTC(2026, 9, 20, 10);
const RECORDS = 100;

const question = (index: number): object[] => [
  { role: 'user', content: [{ text: `What stands in document ${index}?` }] },
];

async function untilEnd(bedrock: BedrockClient, clock: ManualClock, jobIdentifier?: string): Promise<void> {
  for (let round = 0; round < 500; round += 1) {
    const job = await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier }));
    if (job.endTime !== undefined) return expect([job.status, job.message]).toEqual(['Completed', undefined]);
    await clock.advance(60_000);
  }
  throw new Error('the job did not end');
}

/** A job of Converse requests and one of InvokeModel requests, run to their ends. */
async function ranJobs() {
  const clock = createManualClock(BEGIN);
  const local = await startLocalBedrock({ clock, buckets: ['batches'] });
  const bedrock = new BedrockClient(local.clientConfig);
  const s3 = new S3Client(local.s3ClientConfig);
  onTestFinished(async () => {
    bedrock.destroy();
    s3.destroy();
    await local.stop();
  });
  const inputs = {
    Converse: (index: number) => ({ messages: question(index), inferenceConfig: { maxTokens: 60 } }),
    InvokeModel: (index: number) => ({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 60,
      messages: question(index),
    }),
  };
  for (const [type, inputOf] of Object.entries(inputs)) {
    const Body = Array.from({ length: RECORDS }, (_, index) =>
      JSON.stringify({ recordId: `record-${index}`, modelInput: inputOf(index) }),
    ).join('\n');
    await s3.send(new PutObjectCommand({ Bucket: 'batches', Key: `in/${type}.jsonl`, Body }));
    const { jobArn } = await bedrock.send(
      new CreateModelInvocationJobCommand({
        jobName: type,
        roleArn: 'arn:aws:iam::123456789012:role/batch',
        modelId: type === 'Converse' ? 'us.amazon.nova-lite-v1:0' : 'global.anthropic.claude-opus-5',
        modelInvocationType: type as 'Converse' | 'InvokeModel',
        inputDataConfig: { s3InputDataConfig: { s3Uri: `s3://batches/in/${type}.jsonl` } },
        outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://batches/out' } },
      }),
    );
    await untilEnd(bedrock, clock, jobArn);
  }
  return { local, bedrock, s3 };
}

/** A log's records of what a job's output holds. */
const loggedOnce = (output: string, modelId: string): AnyRecord[] =>
  output
    .trim()
    .split('\n')
    .map((line, index) => {
      const { modelInput, modelOutput } = JSON.parse(line);
      return {
        ...aRecord(`logged-${index}`, { modelId, body: modelInput }),
        operation: 'CreateModelInvocationJob',
        output: { outputBodyJson: modelOutput },
        input: { inputBodyJson: modelInput },
      };
    });

describe('analyzeLogs of batch outputs', { timeout: 60_000 }, () => {
  it('adds up to the bill of the jobs, and counts records once that the log has, too', async () => {
    const { local, bedrock, s3 } = await ranJobs();
    const folder = temporaryFolder();
    const between = { from: new Date(BEGIN - 1), to: new Date(BEGIN + 86_400_000) };
    expect(await fetchBatchOutputs({ bedrock, s3, folder, ...between })).toBe(2);
    const { total, calls, attribution, brokenLines, duplicates } = await analyzeLogs({
      source: folder,
      threads: 1,
    });
    expect(total.picoUsd).toBe(local.bill().total.picoUsd);
    expect([calls, brokenLines, duplicates]).toEqual([2 * RECORDS, 0, 0]);
    expect(attribution.tier.map(({ value }) => value)).toEqual(['batch']);
    expect(attribution.account.map(({ value }) => value)).toEqual(['123456789012']);
    expect(attribution.task).toHaveLength(1);

    const file = readdirSync(folder, { recursive: true })
      .map(String)
      .find((name) => name.endsWith('Converse.jsonl.out'));
    const output = readFileSync(join(folder, file ?? ''), 'utf8');
    const logged = loggedOnce(output, 'us.amazon.nova-lite-v1:0').slice(0, 30);
    writeBelow(folder, `${HOUR}/a.json.gz`, lines(...logged));
    const both = await analyzeLogs({ source: folder, threads: 1 });
    expect([both.calls, both.duplicates]).toEqual([2 * RECORDS, 30]);
    expect(both.total.picoUsd).toBe(total.picoUsd);
  });

  it('counts records that failed, and lines that are none', async () => {
    const folder = temporaryFolder();
    const jobArn = 'arn:aws:bedrock:us-west-2:123456789012:model-invocation-job/abcdefgh1234';
    const summary = { jobArn, modelId: 'amazon.nova-lite-v1:0', submitTime: '2026-10-20T10:00:00Z' };
    writeBelow(folder, 'jobs.json', JSON.stringify({ invocationJobSummaries: [summary] }, null, 4));
    const failed = { recordId: 'a', modelInput: {}, error: { errorCode: 400, errorMessage: 'bad request' } };
    writeBelow(
      folder,
      'abcdefgh1234/in.jsonl.out',
      `${JSON.stringify(failed)}\n{"recordId":"b","modelInput":{}}\n{"half":\n`,
    );
    const {
      calls,
      failed: failures,
      brokenLines,
      total,
      attribution,
    } = await analyzeLogs({ source: folder, threads: 1 });
    expect([calls, failures, brokenLines, total.usd]).toEqual([1, 1, 2, 0]);
    expect(attribution.region[0]?.value).toBe('us-west-2');
  });

  it('says that a job is unknown instead of guessing its model', async () => {
    const folder = temporaryFolder();
    writeBelow(folder, 'abcdefgh1234/in.jsonl.out', '{"recordId":"a","modelInput":{},"modelOutput":{}}\n');
    await expect(analyzeLogs({ source: folder, threads: 1 })).rejects.toMatchObject({
      code: 'COSTKIT_INSIGHTS_BATCH_JOB_UNKNOWN',
      message: expect.stringContaining('list-model-invocation-jobs'),
    });
    writeFileSync(join(folder, 'jobs.json'), '{"invocationJobSummaries":[]}');
    await expect(
      fetchBatchOutputs({ bedrock: {}, s3: {}, folder, from: new Date(0), to: new Date(1) } as never),
    ).rejects.toMatchObject({ code: 'COSTKIT_INVALID_OPTION' });
  });
});
