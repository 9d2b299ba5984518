import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts } from '@costkit/core';
import { startLocalBedrock } from '@costkit/local';
import {
  converseResponse,
  converseStreamEvents,
  converseStreamResponse,
  errorResponse,
  type FakeResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  jsonResponse,
} from '@costkit/testing';
import { describe, expect, it } from 'vitest';
import { costkitFetch } from '../src/fetch.js';
import { costkit } from '../src/index.js';

const MODEL = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const addressOf = (operation: string, model = MODEL): string =>
  `https://bedrock-runtime.us-east-1.amazonaws.com/model/${encodeURIComponent(model)}/${operation}`;

function wired(...responses: FakeResponse[]) {
  const handler = fakeRequestHandler({ responses });
  const client = costkit(new BedrockRuntimeClient(fakeBedrockClientConfig(handler)));
  const others: string[] = [];
  const fetch = costkitFetch(client, {
    fetch: (input) => {
      others.push(String(input));
      return Promise.resolve(new Response('elsewhere'));
    },
  });
  return { handler, fetch, others };
}

const post = (body: object): RequestInit => ({ method: 'POST', body: JSON.stringify(body) });
const MESSAGES = [{ role: 'user', content: [{ text: 'Hi' }] }];

describe('costkitFetch', () => {
  it('answers Converse as the service does, with a receipt', async () => {
    const { fetch, handler } = wired(jsonResponse(converseResponse({ text: 'Hello.' })));
    const { result, receipts } = await collectReceipts(() =>
      fetch(addressOf('converse'), post({ messages: MESSAGES })),
    );
    expect(result.status).toBe(200);
    expect(await result.json()).toMatchObject({
      output: { message: { content: [{ text: 'Hello.' }] } },
      usage: { inputTokens: 10 },
    });
    expect(handler.requests[0]?.modelId).toBe(MODEL);
    expect(receipts).toMatchObject([{ operation: 'Converse', settled: true, quality: 'measured' }]);
  });

  it('turns base64 of the wire into bytes and back, in blocks of content alone', async () => {
    const { fetch, handler } = wired(jsonResponse(converseResponse()));
    const image = { image: { format: 'png', source: { bytes: 'AQID' } } };
    const content = [
      image,
      {
        toolResult: {
          toolUseId: 'one',
          content: [image, { json: { image: { source: { bytes: 'text' } } } }],
        },
      },
    ];
    const body = {
      messages: [{ role: 'user', content }],
      system: [{ guardContent: image }],
      additionalModelRequestFields: { image: { source: { bytes: 'text' } } },
    };
    await fetch(addressOf('converse'), post(body));
    expect(handler.requests[0]?.json).toMatchObject(body);
  });

  it('hands on what the service says in headers, where bodies of embeddings have no counts', async () => {
    const { fetch } = wired({
      ...jsonResponse({ embeddings: [[0.1]], response_type: 'embeddings_floats' }),
      headers: { 'x-amzn-requestid': 'one', 'x-amzn-bedrock-input-token-count': '7', 'x-other': 'no' },
    });
    const body = { texts: ['Hi'], input_type: 'search_document' };
    const { headers } = await fetch(addressOf('invoke', 'cohere.embed-english-v3'), post(body));
    expect(Object.fromEntries(headers)).toEqual({
      'content-type': 'application/json',
      'x-amzn-requestid': 'one',
      'x-amzn-bedrock-input-token-count': '7',
    });
  });

  it('streams frames that the service’s readers understand, each when it comes', async () => {
    const { fetch } = wired(converseStreamResponse(converseStreamEvents({ text: 'Hello there.' })));
    const response = await fetch(addressOf('converse-stream'), post({ messages: MESSAGES }));
    expect(response.headers.get('content-type')).toBe('application/vnd.amazon.eventstream');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.includes('contentBlockDelta')).toBe(true);
    expect(bytes.includes('"inputTokens"')).toBe(true);
  });

  it('stops the server when the reader cancels', async () => {
    const { fetch, handler } = wired(
      converseStreamResponse(converseStreamEvents({ text: 'word '.repeat(300) })),
    );
    const response = await fetch(addressOf('converse-stream'), post({ messages: MESSAGES }));
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    expect(handler.requests[0]?.outcome).toBe('destroyed');
  });

  it('answers what the service refused as the service did', async () => {
    const { fetch } = wired(errorResponse('ValidationException', 'Malformed input', { status: 400 }));
    const response = await fetch(addressOf('converse'), post({ messages: MESSAGES }));
    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toBe('ValidationException');
    expect(await response.json()).toEqual({ message: 'Malformed input' });
  });

  it('says when to try again, as the service did', async () => {
    const headers = { 'retry-after': '3', 'x-amz-retry-after': '2500', 'x-other': 'no' };
    const { fetch } = wired(errorResponse('ModelErrorException', 'later', { headers }));
    const response = await fetch(addressOf('converse'), post({ messages: MESSAGES }));
    expect(response.status).toBe(424);
    expect([...response.headers.keys()].filter((name) => name in headers)).toEqual([
      'retry-after',
      'x-amz-retry-after',
    ]);
    expect(response.headers.get('retry-after')).toBe('3');
  });

  it('rejects with our own error, e.g. of a budget', async () => {
    const handler = fakeRequestHandler({ responses: [] });
    const client = costkit(new BedrockRuntimeClient(fakeBedrockClientConfig(handler)), {
      meter: {
        budgets: [{ name: 'none', limitUsd: 0, period: 'day', onExceed: 'block' }],
        maxOutputTokens: 10,
      },
    });
    await expect(
      costkitFetch(client)(addressOf('converse'), post({ messages: MESSAGES })),
    ).rejects.toMatchObject({
      code: 'COSTKIT_BUDGET_EXCEEDED',
    });
    expect(handler.requests).toHaveLength(0);
  });

  it('lets everything else pass to the other fetch', async () => {
    const { fetch, others, handler } = wired();
    await fetch('https://example.com/a', { method: 'POST', body: '{}' });
    await fetch(addressOf('count-tokens'), post({}));
    await fetch(addressOf('converse'));
    expect(others).toHaveLength(3);
    expect(handler.requests).toHaveLength(0);
  });

  it('leaves the body of what it passes on to the other fetch', async () => {
    const client = new BedrockRuntimeClient(fakeBedrockClientConfig(fakeRequestHandler({ responses: [] })));
    const fetch = costkitFetch(client, {
      fetch: async (input, init) => new Response(await new Request(input, init).text()),
    });
    for (const address of ['https://example.com/a', 'https://example.com/model/%E0%A4%A/converse']) {
      const response = await fetch(new Request(address, { method: 'POST', body: 'untouched' }));
      expect(await response.text()).toBe('untouched');
    }
  });

  it.each(['{"messages": [{"text": "a secret', '[]', '5'])(
    'answers a body that is no JSON object as the service does, and does not quote it: %s',
    async (body) => {
      const { fetch, handler } = wired();
      const response = await fetch(addressOf('converse'), { method: 'POST', body });
      expect(response.status).toBe(400);
      expect(response.headers.get('x-amzn-errortype')).toBe('SerializationException');
      expect(await response.text()).not.toContain('secret');
      expect(handler.requests).toHaveLength(0);
    },
  );

  it('heeds the signal of a Request', async () => {
    const { fetch } = wired(jsonResponse(converseResponse()));
    const signal = AbortSignal.abort();
    const request = new Request(addressOf('converse'), { ...post({ messages: MESSAGES }), signal });
    await expect(fetch(request)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('breaks the body off when it is aborted, so that nobody takes it for whole', async () => {
    const { fetch } = wired(converseStreamResponse(converseStreamEvents({ text: 'word '.repeat(300) })));
    const controller = new AbortController();
    const request = { ...post({ messages: MESSAGES }), signal: controller.signal };
    const response = await fetch(addressOf('converse-stream'), request);
    const reader = response.body!.getReader();
    await reader.read();
    controller.abort();
    const rest = async (): Promise<void> => {
      while (!(await reader.read()).done);
    };
    await expect(rest()).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('rejects with the reason of the signal, as every fetch does', async () => {
    const { fetch } = wired(jsonResponse(converseResponse()));
    const reason = new DOMException('too late', 'TimeoutError');
    const request = { ...post({ messages: MESSAGES }), signal: AbortSignal.abort(reason) };
    await expect(fetch(addressOf('converse'), request)).rejects.toBe(reason);
  });

  it('rejects where the body of an answer cannot be read', async () => {
    const { fetch } = wired({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: new TextEncoder().encode('{"output": {"mess'),
    });
    await expect(fetch(addressOf('converse'), post({ messages: MESSAGES }))).rejects.toThrow();
  });

  it('says all that the service said of an error', async () => {
    const said = { message: 'The model failed.', originalStatusCode: 500, resourceName: 'one' };
    const { fetch } = wired({
      status: 424,
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'ModelErrorException' },
      body: new TextEncoder().encode(JSON.stringify(said)),
    });
    const response = await fetch(addressOf('converse'), post({ messages: MESSAGES }));
    expect(await response.json()).toEqual(said);
  });

  it.each([0, 2])('answers an exception behind %i frames as one in the stream', async (afterFrames) => {
    const bedrock = await startLocalBedrock({
      trouble: [{ action: { type: 'exception', afterFrames, name: 'modelStreamErrorException' } }],
    });
    const client = costkit(new BedrockRuntimeClient(bedrock.clientConfig));
    const response = await costkitFetch(client)(addressOf('converse-stream'), post({ messages: MESSAGES }));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/vnd.amazon.eventstream');
    expect(response.headers.get('x-amzn-requestid')).toBe(bedrock.requests()[0]?.requestId);
    const sent = Buffer.from(await response.arrayBuffer());
    expect(sent.includes('modelStreamErrorException')).toBe(true);
    expect(sent.includes('"message":"Trouble on request."')).toBe(true);
    client.destroy();
    await bedrock.stop();
  });

  it.each([
    ['converse-stream', { messages: MESSAGES }],
    [
      'invoke-with-response-stream',
      {
        anthropic_version: 'bedrock-2023-05-31',
        max_tokens: 50,
        messages: [{ role: 'user', content: 'Hi' }],
      },
    ],
  ])(
    'breaks off the body of a stream whose connection was lost, which the SDK takes for its end: %s',
    async (operation, body) => {
      const bedrock = await startLocalBedrock({
        trouble: [{ calls: [1], action: { type: 'drop', afterFrames: 3 } }],
      });
      const client = costkit(new BedrockRuntimeClient(bedrock.clientConfig));
      const ask = () => costkitFetch(client)(addressOf(operation), post(body));
      await expect((await ask()).arrayBuffer()).rejects.toThrow('terminated');
      expect((await (await ask()).arrayBuffer()).byteLength).toBeGreaterThan(500);
      client.destroy();
      await bedrock.stop();
    },
  );

  it('refuses unknown options and what is no client', () => {
    expect(() => costkitFetch({} as never)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION' }),
    );
    const client = new BedrockRuntimeClient(fakeBedrockClientConfig(fakeRequestHandler({ responses: [] })));
    expect(() => costkitFetch(client, { nonsense: 1 } as never)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION' }),
    );
  });
});
