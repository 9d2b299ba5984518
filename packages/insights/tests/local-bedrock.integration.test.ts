import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { S3Client } from '@aws-sdk/client-s3';
import { createManualClock, type LocalBedrock, type ManualClock, startLocalBedrock } from '@costkit/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { analyzeLogs } from '../src/analyze-logs.js';
import { temporaryFolder } from './temporary-folder.js';
import { words } from './traffic/prompts.js';
import { randomOf } from './traffic/random.js';

const SYSTEM = words(1_500, randomOf(1));

/** An hour of calls of every operation, cached and not, small and too large for a record. */
async function callAll(bedrock: LocalBedrock, clock: ManualClock): Promise<void> {
  const client = new BedrockRuntimeClient(bedrock.clientConfig);
  onTestFinished(() => client.destroy());
  const modelId = 'us.anthropic.claude-sonnet-5-5';
  const input = (question: string, cached: boolean) => ({
    modelId,
    system: [{ text: SYSTEM }, ...(cached ? [{ cachePoint: { type: 'default' as const } }] : [])],
    messages: [{ role: 'user' as const, content: [{ text: question }] }],
    inferenceConfig: { maxTokens: 60 },
    requestMetadata: { feature: cached ? 'cached' : 'plain' },
  });
  for (let round = 0; round < 3; round += 1) {
    await client.send(new ConverseCommand(input(`Question ${round}`, true)));
    const { stream } = await client.send(new ConverseStreamCommand(input(`Question ${round}`, false)));
    for await (const _ of stream ?? []) void _;
    await clock.advance(60_000);
  }
  await client.send(new ConverseCommand(input(words(30_000, randomOf(2)), false)));
  await client.send(
    new InvokeModelCommand({
      modelId: 'amazon.titan-embed-text-v2:0',
      body: JSON.stringify({ inputText: 'Paris' }),
    }),
  );
  await client
    .send(new ConverseCommand({ modelId: 'anthropic.claude-none', messages: [] }))
    .catch((error: unknown) => expect(error).toBeInstanceOf(Error));
}

describe('analyzeLogs', { timeout: 60_000 }, () => {
  it.each(['a folder', 'a bucket'])(
    'adds up to the bill of the service that wrote the logs into %s',
    async (where) => {
      const folder = temporaryFolder();
      const clock = createManualClock(Date.UTC(2026, 9, 20, 10));
      const inBucket = where === 'a bucket';
      const bedrock = await startLocalBedrock({
        clock,
        buckets: ['logs'],
        logging: inBucket ? { s3Config: { bucketName: 'logs', keyPrefix: 'bedrock' } } : { folder },
      });
      await callAll(bedrock, clock);
      await bedrock.flushLogs();
      const bill = bedrock.bill();
      const s3 = new S3Client(bedrock.s3ClientConfig);
      try {
        const analysis = await analyzeLogs(
          inBucket ? { source: 's3://logs/bedrock', s3 } : { source: folder },
        );
        expect(analysis.total.picoUsd).toBe(bill.total.picoUsd);
        expect(analysis.calls - analysis.failed).toBe(bill.lines.length);
        expect(analysis.attribution.feature.map(({ value }) => value).sort()).toEqual([
          'cached',
          'plain',
          'untagged',
        ]);
      } finally {
        s3.destroy();
        await bedrock.stop();
      }
    },
  );
});
