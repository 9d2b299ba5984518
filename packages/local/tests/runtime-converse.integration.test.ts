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
import {
  createManualClock,
  type LocalBedrock,
  type LocalModel,
  proseModel,
  startLocalBedrock,
} from '../src/index.js';

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

describe('Converse answers', () => {
  let bedrock: LocalBedrock;
  let client: BedrockRuntimeClient;
  const thinking: LocalModel = {
    kind: 'thinking',
    answer: ({ thinks }) => ({
      parts: [
        ...(thinks ? [{ type: 'thinking' as const, text: 'Let me see.' }] : []),
        { type: 'text', text: 'One. Two. STOP. Three.' },
      ],
    }),
  };

  beforeEach(async () => {
    bedrock = await startLocalBedrock({
      models: { '*': proseModel(), 'anthropic.claude-sonnet-5-5': thinking },
    });
    client = new BedrockRuntimeClient(bedrock.clientConfig);
  });
  afterEach(async () => {
    client.destroy();
    await bedrock.stop();
  });
  const THINKER = 'us.anthropic.claude-sonnet-5-5';
  const tool = (name: string) => ({
    toolSpec: {
      name,
      inputSchema: { json: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
    },
  });

  it('think by default where the model does, unless told not to, and bill it as output', async () => {
    const send = (type?: string) =>
      client.send(
        new ConverseCommand({
          modelId: THINKER,
          messages: ask('Hello'),
          ...(type === undefined ? {} : { additionalModelRequestFields: { thinking: { type } } }),
        }),
      );
    const thought = await send();
    expect(thought.output?.message?.content).toMatchObject([
      { reasoningContent: { reasoningText: { text: 'Let me see.', signature: expect.any(String) } } },
      { text: 'One. Two. STOP. Three.' },
    ]);
    const plain = await send('disabled');
    expect(plain.output?.message?.content).toHaveLength(1);
    expect((thought.usage?.outputTokens ?? 0) - (plain.usage?.outputTokens ?? 0)).toBe(4);
  });

  it('stream thinking with its signature', async () => {
    const { stream } = await client.send(
      new ConverseStreamCommand({ modelId: THINKER, messages: ask('Hello') }),
    );
    const deltas = [];
    for await (const event of stream ?? []) {
      if (event.contentBlockDelta !== undefined) deltas.push(event.contentBlockDelta);
    }
    const reasoning = deltas.filter(({ contentBlockIndex }) => contentBlockIndex === 0);
    expect(reasoning.map(({ delta }) => delta?.reasoningContent?.text ?? '').join('')).toBe('Let me see.');
    expect(reasoning.at(-1)?.delta?.reasoningContent?.signature).toMatch(/=$/);
    expect(deltas.some(({ contentBlockIndex, delta }) => contentBlockIndex === 1 && delta?.text)).toBe(true);
  });

  it('end at a stop sequence', async () => {
    const output = await client.send(
      new ConverseCommand({
        modelId: THINKER,
        messages: ask('Hello'),
        inferenceConfig: { stopSequences: ['STOP'] },
      }),
    );
    expect(output.stopReason).toBe('stop_sequence');
    expect(output.output?.message?.content?.at(-1)?.text).toBe('One. Two. ');
  });

  it('end at the cap, and bill no more than it', async () => {
    const output = await client.send(
      new ConverseCommand({ modelId: HAIKU, messages: ask('Hello'), inferenceConfig: { maxTokens: 17 } }),
    );
    expect(output.stopReason).toBe('max_tokens');
    expect(output.usage?.outputTokens).toBe(17);
    expect(bedrock.bill().lines[0]?.tokens.output).toBe(17);
  });

  it('call a tool that is forced, whole and streamed', async () => {
    const input: ConverseCommandInput = {
      modelId: HAIKU,
      messages: ask('Weather?'),
      toolConfig: { tools: [tool('time'), tool('weather')], toolChoice: { tool: { name: 'weather' } } },
    };
    const output = await client.send(new ConverseCommand(input));
    expect(output.stopReason).toBe('tool_use');
    const call = output.output?.message?.content?.[0]?.toolUse;
    expect(call).toMatchObject({ name: 'weather', input: { city: 'example' } });
    expect(call?.toolUseId).toMatch(/^tooluse_/);
    const { stream } = await client.send(new ConverseStreamCommand(input));
    let started: string | undefined;
    let json = '';
    for await (const event of stream ?? []) {
      started ??= event.contentBlockStart?.start?.toolUse?.name;
      json += event.contentBlockDelta?.delta?.toolUse?.input ?? '';
    }
    expect(started).toBe('weather');
    expect(JSON.parse(json)).toEqual({ city: 'example' });
  });

  it('go on after a tool loop', async () => {
    const first = await client.send(
      new ConverseCommand({
        modelId: HAIKU,
        messages: ask('Weather?'),
        toolConfig: { tools: [tool('weather')], toolChoice: { any: {} } },
      }),
    );
    const toolUseId = first.output?.message?.content?.[0]?.toolUse?.toolUseId;
    const second = await client.send(
      new ConverseCommand({
        modelId: HAIKU,
        toolConfig: { tools: [tool('weather')] },
        messages: [
          ...(ask('Weather?') ?? []),
          first.output?.message as never,
          { role: 'user', content: [{ toolResult: { toolUseId, content: [{ json: { sun: true } }] } }] },
        ],
      }),
    );
    expect(second.stopReason).toBe('end_turn');
  });

  it('fit the schema that structured output asks for', async () => {
    const schema = JSON.stringify({ type: 'object', properties: { mood: { enum: ['good', 'bad'] } } });
    const output = await client.send(
      new ConverseCommand({
        modelId: HAIKU,
        messages: ask('How do you feel?'),
        outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema: { schema } } } },
      }),
    );
    expect(JSON.parse(output.output?.message?.content?.[0]?.text ?? '')).toEqual({ mood: 'good' });
  });

  it('are billed as in the Region that signed the request', async () => {
    const elsewhere = new BedrockRuntimeClient({ ...bedrock.clientConfig, region: 'eu-west-1' });
    await elsewhere.send(
      new ConverseCommand({ modelId: 'eu.amazon.nova-pro-v1:0', messages: ask('Hello there') }),
    );
    elsewhere.destroy();
    // $0.92 per million input tokens in eu-west-1.
    expect(bedrock.bill().lines[0]).toMatchObject({ region: 'eu-west-1', scope: 'geo:eu' });
    expect(bedrock.bill().lines[0]?.lines[0]).toMatchObject({ kind: 'input', picoUsdEach: 920_000n });
  });
});
