import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, it } from 'vitest';
import {
  converseResponse,
  converseStreamEvents,
  converseStreamResponse,
  createTestClock,
  encodeConverseStream,
  errorResponse,
  eventStreamResponse,
  type FakeRequestHandler,
  type FakeRequestHandlerOptions,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  invokeStreamResponse,
  jsonResponse,
  networkErrorResponse,
} from '../src/index.js';

const modelId = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const messages = [{ role: 'user' as const, content: [{ text: 'What is the capital of France?' }] }];

function clientWith(options: FakeRequestHandlerOptions): {
  client: BedrockRuntimeClient;
  handler: FakeRequestHandler;
} {
  const handler = fakeRequestHandler(options);
  return { client: new BedrockRuntimeClient(fakeBedrockClientConfig(handler)), handler };
}

async function drain(stream: AsyncIterable<unknown> | undefined): Promise<unknown[]> {
  const events: unknown[] = [];
  for await (const event of stream ?? []) events.push(event);
  return events;
}

describe('fakeRequestHandler under the real SDK', () => {
  it('answers Converse and records the request as it went over the wire', async () => {
    const { client, handler } = clientWith({
      responses: [
        jsonResponse(
          converseResponse({
            text: 'Paris.',
            usage: {
              inputTokens: 12,
              outputTokens: 3,
              cacheReadInputTokens: 100,
              cacheWrite1h: 20,
              cacheWrite5m: 5,
            },
          }),
        ),
      ],
    });

    const output = await client.send(new ConverseCommand({ modelId, messages }));

    expect(output.output?.message?.content).toEqual([{ text: 'Paris.' }]);
    expect(output.stopReason).toBe('end_turn');
    expect(output.usage).toEqual({
      inputTokens: 12,
      outputTokens: 3,
      totalTokens: 140,
      cacheReadInputTokens: 100,
      cacheWriteInputTokens: 25,
      cacheDetails: [
        { inputTokens: 20, ttl: '1h' },
        { inputTokens: 5, ttl: '5m' },
      ],
    });
    expect(handler.requests).toHaveLength(1);
    expect(handler.requests[0]).toMatchObject({
      method: 'POST',
      path: `/model/${encodeURIComponent(modelId)}/converse`,
      modelId,
      operation: 'Converse',
      attempt: 1,
      json: { messages },
      outcome: 'completed',
    });
    expect(handler.requests[0]?.headers['authorization']).toMatch(/^AWS4-HMAC-SHA256/);
  });

  it('streams Converse events in order, with the usage last', async () => {
    const { client, handler } = clientWith({
      responses: [
        converseStreamResponse(
          converseStreamEvents({
            text: 'Paris, the capital of France.',
            usage: { inputTokens: 12, outputTokens: 7 },
          }),
        ),
      ],
    });

    const { stream } = await client.send(new ConverseStreamCommand({ modelId, messages }));
    const events = (await drain(stream)) as Record<string, { usage?: unknown }>[];

    expect(events.map((event) => Object.keys(event)[0])).toEqual([
      'messageStart',
      'contentBlockDelta',
      'contentBlockDelta',
      'contentBlockDelta',
      'contentBlockStop',
      'messageStop',
      'metadata',
    ]);
    expect(events.at(-1)?.['metadata']?.usage).toEqual({ inputTokens: 12, outputTokens: 7, totalTokens: 19 });
    expect(handler.requests[0]).toMatchObject({
      operation: 'ConverseStream',
      framesSent: 7,
      outcome: 'completed',
    });
  });

  it('hands out tool use and reasoning as the SDK types them', async () => {
    const redactedContent = new Uint8Array([1, 2, 3]);
    const { client } = clientWith({
      responses: [
        converseStreamResponse(
          converseStreamEvents({
            content: [
              { reasoningContent: { reasoningText: { text: 'Let me look.', signature: 'sig' } } },
              { reasoningContent: { redactedContent } },
              { toolUse: { toolUseId: 'tool-1', name: 'lookup', input: { city: 'Paris' } } },
            ],
          }),
        ),
      ],
    });

    const events = (await drain(
      (
        await client.send(new ConverseStreamCommand({ modelId, messages }))
      ).stream,
    )) as {
      contentBlockDelta?: {
        delta?: { toolUse?: { input?: string }; reasoningContent?: { redactedContent?: Uint8Array } };
      };
      messageStop?: { stopReason: string };
    }[];

    const input = events.map((event) => event.contentBlockDelta?.delta?.toolUse?.input ?? '').join('');
    expect(JSON.parse(input)).toEqual({ city: 'Paris' });
    expect(events.some((event) => event.messageStop?.stopReason === 'tool_use')).toBe(true);
    const redacted = events.find(
      (event) => event.contentBlockDelta?.delta?.reasoningContent?.redactedContent,
    );
    expect(redacted?.contentBlockDelta?.delta?.reasoningContent?.redactedContent).toEqual(redactedContent);
  });

  it('answers InvokeModel with the token-count headers', async () => {
    const { client, handler } = clientWith({
      responses: [
        jsonResponse({ completion: 'Paris' }, { headers: { 'x-amzn-bedrock-input-token-count': '9' } }),
      ],
    });
    let seen: string | undefined;
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        seen = (result.response as { headers: Record<string, string> }).headers[
          'x-amzn-bedrock-input-token-count'
        ];
        return result;
      },
      { step: 'deserialize', name: 'read-headers' },
    );

    const output = await client.send(
      new InvokeModelCommand({ modelId, body: JSON.stringify({ prompt: 'Hi' }) }),
    );

    expect(JSON.parse(output.body.transformToString())).toEqual({ completion: 'Paris' });
    expect(seen).toBe('9');
    expect(handler.requests[0]).toMatchObject({ operation: 'InvokeModel', json: { prompt: 'Hi' } });
  });

  it('streams the chunks of InvokeModelWithResponseStream', async () => {
    const chunks = [
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Pariß' } },
      {
        type: 'message_stop',
        'amazon-bedrock-invocationMetrics': { inputTokenCount: 9, outputTokenCount: 2 },
      },
    ];
    const { client } = clientWith({ responses: [invokeStreamResponse(chunks)] });

    const { body } = await client.send(new InvokeModelWithResponseStreamCommand({ modelId, body: '{}' }));
    const received = ((await drain(body)) as { chunk: { bytes: Uint8Array } }[]).map(({ chunk }) =>
      JSON.parse(new TextDecoder().decode(chunk.bytes)),
    );

    expect(received).toEqual(chunks);
  });

  it('lets the SDK retry throttling, without waiting, and counts the attempts', async () => {
    const throttled = errorResponse(
      'ThrottlingException',
      'Too many requests, please wait before trying again.',
    );
    const { client, handler } = clientWith({
      responses: [throttled, throttled, jsonResponse(converseResponse())],
    });

    const output = await client.send(new ConverseCommand({ modelId, messages }));

    expect(output.$metadata.attempts).toBe(3);
    expect(handler.requests.map((request) => request.attempt)).toEqual([1, 2, 3]);
  });

  it.each([
    ['ThrottlingException', 429, 3],
    ['ServiceUnavailableException', 503, 3],
    ['InternalServerException', 500, 3],
    ['ModelNotReadyException', 429, 3],
    ['ValidationException', 400, 1],
    ['AccessDeniedException', 403, 1],
    ['ModelTimeoutException', 408, 1],
    ['ModelErrorException', 424, 1],
    ['ResourceNotFoundException', 404, 1],
  ])('throws %s with status %i after %i attempts', async (code, status, attempts) => {
    const { client } = clientWith({ handler: () => errorResponse(code, 'no luck') });

    await expect(client.send(new ConverseCommand({ modelId, messages }))).rejects.toMatchObject({
      name: code,
      message: 'no luck',
      $metadata: { httpStatusCode: status, attempts },
    });
  });

  it('retries a broken connection', async () => {
    const { client, handler } = clientWith({
      responses: [networkErrorResponse(), jsonResponse(converseResponse())],
    });
    await client.send(new ConverseCommand({ modelId, messages }));
    expect(handler.requests.map(({ outcome }) => outcome)).toEqual(['failed', 'completed']);
  });

  it('throws a typed exception from the middle of a stream', async () => {
    const { client } = clientWith({
      responses: [
        converseStreamResponse([
          ...converseStreamEvents({ text: 'Par' }).slice(0, 2),
          { throttlingException: { message: 'slow down' } },
        ]),
      ],
    });
    const { stream } = await client.send(new ConverseStreamCommand({ modelId, messages }));
    await expect(drain(stream)).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'slow down',
      $fault: 'client',
    });
  });

  it('stops sending when the body is destroyed', async () => {
    const { client, handler } = clientWith({
      responses: [converseStreamResponse(converseStreamEvents({ text: 'x'.repeat(600) }))],
    });
    let body: { destroy(): void } | undefined;
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        body = (result.response as { body: { destroy(): void } }).body;
        return result;
      },
      { step: 'deserialize', name: 'keep-body' },
    );

    const { stream } = await client.send(new ConverseStreamCommand({ modelId, messages }));
    let seen = 0;
    for await (const _ of stream ?? []) if (++seen === 3) break;
    body?.destroy();

    expect(handler.requests[0]?.outcome).toBe('destroyed');
    expect(handler.requests[0]?.framesSent).toBeLessThan(8);
  });

  it.each(['h1', 'h2'] as const)(
    'breaks off over %s as the SDK does when the connection drops',
    async (protocol) => {
      const frames = encodeConverseStream(converseStreamEvents({ text: 'x'.repeat(100) }));
      const { client, handler } = clientWith({
        protocol,
        responses: [eventStreamResponse([...frames.slice(0, 4), { drop: true }, ...frames.slice(4)])],
      });
      const { stream } = await client.send(new ConverseStreamCommand({ modelId, messages }));
      if (protocol === 'h1') await expect(drain(stream)).rejects.toThrow('aborted');
      else expect(await drain(stream)).toHaveLength(4);
      expect(handler.requests[0]).toMatchObject({ outcome: 'dropped', framesSent: 4 });
    },
  );

  it.each(['h1', 'h2'] as const)(
    'ends a stream over %s as the SDK does when the caller aborts',
    async (protocol) => {
      const frames = encodeConverseStream(converseStreamEvents({ text: 'x'.repeat(100) }));
      const controller = new AbortController();
      const { client, handler } = clientWith({
        protocol,
        responses: [eventStreamResponse([...frames.slice(0, 2), { stall: true }])],
      });
      const { stream } = await client.send(new ConverseStreamCommand({ modelId, messages }), {
        abortSignal: controller.signal,
      });
      setImmediate(() => controller.abort());
      if (protocol === 'h1') await expect(drain(stream)).rejects.toThrow('aborted');
      else expect(await drain(stream)).toHaveLength(2);
      expect(handler.requests[0]?.outcome).toBe('aborted');
    },
  );

  it('rejects with an AbortError when the caller aborts before the response', async () => {
    const controller = new AbortController();
    const clock = createTestClock();
    const { client, handler } = clientWith({
      clock,
      responses: [jsonResponse(converseResponse(), { delayMs: 5_000 })],
    });
    const sent = client.send(new ConverseCommand({ modelId, messages }), { abortSignal: controller.signal });
    const outcome = expect(sent).rejects.toMatchObject({ name: 'AbortError' });
    await clock.advance(1_000);
    controller.abort();
    await outcome;
    expect(handler.requests).toHaveLength(1);
    expect(handler.requests[0]?.outcome).toBe('aborted');
    expect(clock.sleeping).toBe(0);
  });

  it('waits on the injected clock, before the headers and between frames', async () => {
    const clock = createTestClock();
    const frames = encodeConverseStream(converseStreamEvents({ text: 'Paris' }));
    const { client } = clientWith({
      clock,
      responses: [
        eventStreamResponse([...frames.slice(0, 2), { waitMs: 30_000 }, ...frames.slice(2)], {
          delayMs: 2_000,
        }),
      ],
    });
    const arrivals: number[] = [];
    const reading = (async () => {
      const { stream } = await client.send(new ConverseStreamCommand({ modelId, messages }));
      for await (const _ of stream ?? []) arrivals.push(clock.monotonicMs());
    })();
    await clock.advance(60_000);
    await reading;
    expect(arrivals).toEqual([2_000, 2_000, 32_000, 32_000, 32_000]);
  });

  it('says which request has no scripted response', async () => {
    const { client } = clientWith({ responses: [] });
    await expect(client.send(new ConverseCommand({ modelId, messages }))).rejects.toThrow(
      'costkit testing: request 1 (Converse) has no scripted response; there are 0.',
    );
  });
});
