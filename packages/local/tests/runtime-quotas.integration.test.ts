import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createManualClock,
  type LocalBedrock,
  type ModelQuota,
  proseModel,
  startLocalBedrock,
} from '../src/index.js';
import { runtimeClient } from './_clients.js';

const SONNET = 'global.anthropic.claude-sonnet-4-5-20250929-v1:0';

describe('quotas', () => {
  let bedrock: LocalBedrock;
  let client: ReturnType<typeof runtimeClient>;
  const clock = createManualClock(Date.parse('2026-11-22T12:00:00Z'));

  const start = async (quotas: Record<string, ModelQuota>): Promise<void> => {
    bedrock = await startLocalBedrock({
      clock,
      quotas,
      models: { '*': proseModel({ tokens: { mean: 100 } }) },
    });
    client = runtimeClient(bedrock, 'HTTP/2', { maxAttempts: 1 });
  };
  afterEach(async () => {
    client.destroy();
    await bedrock.stop();
  });
  const send = (maxTokens: number, modelId = SONNET) =>
    client.send(
      new ConverseCommand({
        modelId,
        inferenceConfig: { maxTokens },
        messages: [{ role: 'user', content: [{ text: 'Hello there' }] }],
      }),
    );

  it('are off unless set', async () => {
    await start({});
    await Promise.all(Array.from({ length: 30 }, () => send(64_000)));
  });

  it('count requests per minute, and refill', async () => {
    await start({ '*': { requestsPerMinute: 2 } });
    await send(10);
    await send(10);
    await expect(send(10)).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'Too many requests, please wait before trying again.',
      $metadata: { httpStatusCode: 429 },
    });
    expect(bedrock.bill().lines).toHaveLength(2);
    await clock.advance(30_000);
    await send(10);
    await expect(send(10)).rejects.toThrow('Too many requests');
  });

  it('reserve max_tokens before the answer: the cap alone can use a quota up', async () => {
    await start({ [SONNET]: { tokensPerMinute: 1_000 } });
    await expect(send(1_000)).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'Too many tokens, please wait before trying again.',
    });
    await send(998);
  });

  it('settle by what was used, output times its burndown', async () => {
    await start({ [SONNET]: { tokensPerMinute: 1_000 } });
    const { usage } = await send(500);
    // Sonnet 4.5 burns five quota tokens per output token.
    const left = 1_000 - 2 - 5 * (usage?.outputTokens ?? 0);
    await expect(send(left - 1)).rejects.toThrow('Too many tokens');
    await send(left - 2);
  });

  it('are counted per day, by model', async () => {
    await start({ 'anthropic.claude-sonnet-4-5-20250929-v1:0': { tokensPerDay: 100 } });
    await expect(send(99)).rejects.toThrow('Too many tokens per day, please wait before trying again.');
    await send(99, 'us.amazon.nova-lite-v1:0');
  });
});
