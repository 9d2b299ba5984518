import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { deriveClient, receiptOf, settingsPlugin, withTags } from '@costkit/core';
import {
  converseResponse,
  converseStreamEvents,
  converseStreamResponse,
  errorResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  jsonResponse,
} from '@costkit/testing';
import { describe, expect, it } from 'vitest';
import { type ResponseCacheOptions, responseCachePlugin, withResponseCache } from '../src/response-cache.js';

const ask = (text: string) =>
  new ConverseCommand({
    modelId: 'amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text }] }],
  });

function setUp(options: ResponseCacheOptions = {}, stopReason = 'end_turn') {
  let fails = 0;
  let now = 1_000_000;
  const handler = fakeRequestHandler({
    handler: ({ operation }, index) => {
      const fixture = { text: `Answer ${index}`, stopReason, usage: { inputTokens: 100, outputTokens: 5 } };
      if (fails > 0) {
        fails -= 1;
        return errorResponse('ValidationException', 'no', { status: 400 });
      }
      return operation === 'ConverseStream'
        ? converseStreamResponse(converseStreamEvents(fixture))
        : jsonResponse(converseResponse(fixture));
    },
  });
  const bare = new BedrockRuntimeClient({ ...fakeBedrockClientConfig(handler), maxAttempts: 1 });
  const client = deriveClient(
    bare,
    settingsPlugin({ clock: { now: () => now, monotonicMs: () => now } }),
    responseCachePlugin(options),
  );
  return {
    bare,
    client,
    sent: () => handler.requests.length,
    failNext: () => {
      fails = 1;
    },
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('withResponseCache', () => {
  it('sends identical requests that are on their way once, and gives everybody a copy', async () => {
    const { client, sent } = setUp();
    const [one, two, other] = await Promise.all([
      client.send(ask('a')),
      client.send(ask('a')),
      client.send(ask('b')),
    ]);
    expect(sent()).toBe(2);
    expect(two.output).toEqual(one.output);
    expect(two.output).not.toBe(one.output);
    expect(other.output).not.toEqual(one.output);
    const receipt = receiptOf(two);
    expect([receipt?.cost?.usd, receipt?.attempts.length]).toEqual([0, 0]);
    expect(receipt?.decisions[0]).toMatchObject({
      action: 'answered from the cache',
      estimatedSaving: receiptOf(one)?.cost,
    });
    await client.send(ask('a'));
    expect(sent()).toBe(3);
  });

  it('gives an answer again for as long as it was told to', async () => {
    const { client, sent, pass } = setUp({ ttlMs: 60_000 });
    await client.send(ask('a'));
    pass(59_999);
    await client.send(ask('a'));
    expect(sent()).toBe(1);
    pass(2);
    await client.send(ask('a'));
    expect(sent()).toBe(2);
  });

  it('shares nothing between tags, unless the scope says so', async () => {
    const strict = setUp({ ttlMs: 60_000 });
    const shared = setUp({ ttlMs: 60_000, scope: ({ tenant = '' }) => tenant });
    for (const { client } of [strict, shared])
      for (const user of ['ada', 'bo']) await withTags({ tenant: 't', user }, () => client.send(ask('a')));
    expect([strict.sent(), shared.sent()]).toEqual([2, 1]);
  });

  it('shares no failure and no cut answer, and lets streams go', async () => {
    const failing = setUp({ ttlMs: 60_000 });
    failing.failNext();
    const results = await Promise.allSettled([failing.client.send(ask('a')), failing.client.send(ask('a'))]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    const cut = setUp({ ttlMs: 60_000 }, 'max_tokens');
    await cut.client.send(ask('a'));
    await cut.client.send(ask('a'));
    expect(cut.sent()).toBe(2);
    const streams = setUp({ ttlMs: 60_000 });
    for (const _ of [1, 2]) {
      const { stream } = await streams.client.send(new ConverseStreamCommand(ask('a').input));
      for await (const event of stream ?? []) expect(event).toBeDefined();
    }
    expect(streams.sent()).toBe(2);
  });

  it('holds no more than it may, changes nothing in observe, and rejects what is wrong', async () => {
    const small = setUp({ ttlMs: 60_000, maxEntries: 1 });
    for (const text of ['a', 'b', 'a']) await small.client.send(ask(text));
    expect(small.sent()).toBe(3);
    const watching = setUp({ ttlMs: 60_000, mode: 'observe' });
    await watching.client.send(ask('a'));
    const second = await watching.client.send(ask('a'));
    expect(watching.sent()).toBe(2);
    expect(receiptOf(second)?.decisions[0]?.action).toBe('would have answered from the cache');
    expect(() => withResponseCache(small.bare, { ttl: 5 } as never)).toThrow('option "ttl" is unknown');
  });
});
