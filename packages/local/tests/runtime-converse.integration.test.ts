import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type LocalBedrock, proseModel, startLocalBedrock } from '../src/index.js';

const HAIKU = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const LONG_SYSTEM = 'The quick brown fox jumps over the lazy dog. '.repeat(500);
const ask = (text: string): ConverseCommandInput['messages'] => [{ role: 'user', content: [{ text }] }];

describe.each(['HTTP/2', 'HTTP/1.1'])('startLocalBedrock over %s', (version) => {
  let bedrock: LocalBedrock;
  let client: BedrockRuntimeClient;
  const clock = createManualClock(Date.parse('2026-11-22T12:00:00Z'));

  beforeEach(async () => {
    bedrock = await startLocalBedrock({ clock, models: { '*': proseModel({ tokens: { mean: 40 } }) } });
    client = new BedrockRuntimeClient({
      ...bedrock.clientConfig,
      ...(version === 'HTTP/1.1' ? { requestHandler: new NodeHttpHandler() } : {}),
    });
  });
  afterEach(async () => {
    client.destroy();
    await bedrock.stop();
  });

  it('answers Converse and bills what it reported', async () => {
    const output = await client.send(new ConverseCommand({ modelId: HAIKU, messages: ask('Hello there') }));
    expect(output.stopReason).toBe('end_turn');
    expect(output.output?.message?.content?.[0]?.text).toMatch(/\w+/);
    const { usage } = output;
    expect(usage).toMatchObject({ inputTokens: 2, cacheReadInputTokens: 0, cacheWriteInputTokens: 0 });
    expect(usage?.outputTokens).toBeGreaterThan(35);
    expect(usage?.totalTokens).toBe(2 + (usage?.outputTokens ?? 0));
    const [line] = bedrock.bill().lines;
    // $1.10 and $5.50 per million tokens in the us. profile of Claude Haiku 4.5.
    expect(line?.picoUsd).toBe(2n * 1_100_000n + BigInt(usage?.outputTokens ?? 0) * 5_500_000n);
    expect(line).toMatchObject({
      operation: 'Converse',
      modelId: HAIKU,
      scope: 'geo:us',
      answerComplete: true,
    });
    expect(line?.requestId).toBe(output.$metadata.requestId);
    expect(bedrock.requests()[0]?.httpVersion).toBe(version.slice(5));
  });

  it('streams the same answer, with usage in the metadata event after messageStop', async () => {
    const input: ConverseCommandInput = { modelId: HAIKU, messages: ask('Hello there') };
    const whole = await client.send(new ConverseCommand(input));
    const output = await client.send(new ConverseStreamCommand(input));
    const events: ConverseStreamOutput[] = [];
    for await (const event of output.stream ?? []) events.push(event);
    const text = events.map((event) => event.contentBlockDelta?.delta?.text ?? '').join('');
    expect(text).toBe(whole.output?.message?.content?.[0]?.text);
    expect(events.map((event) => Object.keys(event)[0]).slice(-3)).toEqual([
      'contentBlockStop',
      'messageStop',
      'metadata',
    ]);
    const usage = events.at(-1)?.metadata?.usage;
    // Claude's streams leave the cache members out when nothing was cached.
    expect(usage).not.toHaveProperty('cacheReadInputTokens');
    expect(usage?.outputTokens).toBe(whole.usage?.outputTokens);
    const [first, second] = bedrock.bill().lines;
    expect(second?.picoUsd).toBe(first?.picoUsd);
  });

  it('writes, reads and forgets a cached prefix as time passes', async () => {
    const send = async (question: string): Promise<unknown> => {
      const { usage } = await client.send(
        new ConverseCommand({
          modelId: HAIKU,
          system: [{ text: LONG_SYSTEM }, { cachePoint: { type: 'default' } }],
          messages: ask(question),
        }),
      );
      return {
        read: usage?.cacheReadInputTokens,
        write: usage?.cacheWriteInputTokens,
        details: usage?.cacheDetails,
      };
    };
    const first = (await send('One?')) as { write: number };
    expect(first.write).toBeGreaterThan(4096);
    expect(first).toEqual({
      read: 0,
      write: first.write,
      details: [{ ttl: '5m', inputTokens: first.write }],
    });
    await clock.advance(4 * 60_000);
    expect(await send('Two?')).toEqual({ read: first.write, write: 0, details: undefined });
    await clock.advance(4 * 60_000);
    expect(await send('Three?')).toMatchObject({ read: first.write, write: 0 });
    await clock.advance(5 * 60_000);
    expect(await send('Four?')).toMatchObject({ read: 0, write: first.write });
  });

  it('answers InvokeModel with the token counts in its headers', async () => {
    const headers: Record<string, string> = {};
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        Object.assign(headers, (result.response as { headers: object }).headers);
        return result;
      },
      { step: 'deserialize' },
    );
    const output = await client.send(
      new InvokeModelCommand({
        modelId: HAIKU,
        contentType: 'application/json',
        body: JSON.stringify({
          anthropic_version: 'bedrock-2023-05-31',
          max_tokens: 10,
          messages: [{ role: 'user', content: 'Hello there' }],
        }),
      }),
    );
    const body = JSON.parse(output.body.transformToString());
    expect(body).toMatchObject({
      type: 'message',
      model: 'claude-haiku-4-5-20251001',
      stop_reason: 'max_tokens',
      usage: { input_tokens: 2, output_tokens: 10 },
    });
    expect(headers).toMatchObject({
      'x-amzn-bedrock-input-token-count': '2',
      'x-amzn-bedrock-output-token-count': '10',
    });
  });

  it('streams InvokeModel in the format of the provider', async () => {
    const output = await client.send(
      new InvokeModelWithResponseStreamCommand({
        modelId: HAIKU,
        contentType: 'application/json',
        body: JSON.stringify({
          anthropic_version: 'bedrock-2023-05-31',
          max_tokens: 100,
          messages: [{ role: 'user', content: 'Hello there' }],
        }),
      }),
    );
    const chunks: { type: string; 'amazon-bedrock-invocationMetrics'?: { outputTokenCount: number } }[] = [];
    for await (const event of output.body ?? []) {
      chunks.push(JSON.parse(Buffer.from(event.chunk?.bytes ?? []).toString('utf8')));
    }
    expect(chunks[0]?.type).toBe('message_start');
    expect(chunks.at(-1)?.type).toBe('message_stop');
    expect(chunks.at(-1)?.['amazon-bedrock-invocationMetrics']?.outputTokenCount).toBe(
      bedrock.bill().lines[0]?.tokens.output,
    );
  });

  it('refuses with the error classes of the service', async () => {
    await expect(
      client.send(new ConverseCommand({ modelId: 'no.such-model', messages: ask('Hi') })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'The provided model identifier is invalid.',
      $metadata: { httpStatusCode: 400 },
    });
    expect(bedrock.bill().lines).toEqual([]);
  });
});
