import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, deriveClient, receiptOf, settingsPlugin, withTags } from '@costkit/core';
import {
  converseResponse,
  converseStreamEvents,
  converseStreamResponse,
  errorResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  invokeStreamResponse,
  jsonResponse,
} from '@costkit/testing';
import { describe, expect, it } from 'vitest';
import { type ResponseCacheOptions, responseCachePlugin, withResponseCache } from '../src/response-cache.js';

const ask = (text: string) =>
  new ConverseCommand({
    modelId: 'amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text }] }],
  });

interface Fixture {
  readonly text: string;
  readonly stopReason: string;
}
const anthropicAnswer = ({ text, stopReason }: Fixture) => ({
  content: [{ type: 'text', text }],
  stop_reason: stopReason,
  usage: { input_tokens: 100, output_tokens: 5 },
});
const anthropicChunks = ({ text, stopReason }: Fixture) => [
  { type: 'message_start', message: { usage: { input_tokens: 100, output_tokens: 1 } } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
  { type: 'message_delta', delta: { stop_reason: stopReason }, usage: { output_tokens: 5 } },
  {
    type: 'message_stop',
    'amazon-bedrock-invocationMetrics': { inputTokenCount: 100, outputTokenCount: 5 },
  },
];

const stream = async (
  client: BedrockRuntimeClient,
  text: string,
): Promise<AsyncIterable<ConverseStreamOutput>> => {
  const output = await client.send(new ConverseStreamCommand(ask(text).input));
  return output.stream as AsyncIterable<ConverseStreamOutput>;
};
async function all(events: AsyncIterable<ConverseStreamOutput>): Promise<ConverseStreamOutput[]> {
  const seen: ConverseStreamOutput[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}
const textIn = (events: readonly ConverseStreamOutput[]): string =>
  events.map(({ contentBlockDelta }) => contentBlockDelta?.delta?.text ?? '').join('');
const eventsOf = async (client: BedrockRuntimeClient, text: string): Promise<ConverseStreamOutput[]> =>
  all(await stream(client, text));
const textOf = async (client: BedrockRuntimeClient, text: string): Promise<string> =>
  textIn(await eventsOf(client, text));

function setUp(options: ResponseCacheOptions = {}, stopReason = 'end_turn') {
  let fails = 0;
  let now = 1_000_000;
  let held: Promise<void> | undefined;
  const handler = fakeRequestHandler({
    handler: async ({ operation }, index) => {
      await held;
      const fixture = { text: `Answer ${index}`, stopReason, usage: { inputTokens: 100, outputTokens: 5 } };
      if (fails > 0) {
        fails -= 1;
        return errorResponse('ValidationException', 'no', { status: 400 });
      }
      switch (operation) {
        case 'ConverseStream':
          return converseStreamResponse(converseStreamEvents(fixture));
        case 'InvokeModelWithResponseStream':
          return invokeStreamResponse(anthropicChunks(fixture));
        case 'InvokeModel':
          return jsonResponse(anthropicAnswer(fixture));
        default:
          return jsonResponse(converseResponse(fixture));
      }
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
    /** Answers wait until what it returns is called. */
    hold: () => {
      let release = (): void => undefined;
      held = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
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

  it('keeps an answer as it came, whatever its first caller makes of it', async () => {
    const { client } = setUp({ ttlMs: 60_000 });
    const first = await client.send(ask('one'));
    const expected = structuredClone(first.output);
    first.output?.message?.content?.push({ cachePoint: { type: 'default' } });
    expect((await client.send(ask('one'))).output).toEqual(expected);

    const events = await eventsOf(client, 'streamed');
    const seen = structuredClone(events);
    for (const { contentBlockDelta } of events) if (contentBlockDelta) contentBlockDelta.delta = { text: '' };
    expect(await eventsOf(client, 'streamed')).toEqual(seen);
  });

  it('shares nothing between tags, unless the scope says so', async () => {
    const strict = setUp({ ttlMs: 60_000 });
    const shared = setUp({ ttlMs: 60_000, scope: ({ tenant = '' }) => tenant });
    for (const { client } of [strict, shared])
      for (const user of ['ada', 'bo']) await withTags({ tenant: 't', user }, () => client.send(ask('a')));
    expect([strict.sent(), shared.sent()]).toEqual([2, 1]);
  });

  it('shares no failure and no cut answer', async () => {
    const failing = setUp({ ttlMs: 60_000 });
    failing.failNext();
    const results = await Promise.allSettled([failing.client.send(ask('a')), failing.client.send(ask('a'))]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    const cut = setUp({ ttlMs: 60_000 }, 'max_tokens');
    for (const _ of [1, 2]) {
      await cut.client.send(ask('a'));
      await textOf(cut.client, 'a');
    }
    expect(cut.sent()).toBe(4);
  });

  it('lets a caller go that gives up while it waits', async () => {
    const { client, hold } = setUp();
    const release = hold();
    const first = client.send(ask('a'));
    const leaving = new AbortController();
    const second = client.send(ask('a'), { abortSignal: leaving.signal });
    leaving.abort();
    await expect(second).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    release();
    await expect(first).resolves.toMatchObject({ stopReason: 'end_turn' });
  });

  describe('on streams', () => {
    it('replays a stream chunk by chunk, as copies, for as long as it was told to', async () => {
      const { client, sent, pass } = setUp({ ttlMs: 60_000 });
      const first = await eventsOf(client, 'a');
      const second = await eventsOf(client, 'a');
      expect(sent()).toBe(1);
      expect(second).toEqual(first);
      expect(second.length).toBeGreaterThan(3);
      expect(second[0]).not.toBe(first[0]);
      pass(60_001);
      await eventsOf(client, 'a');
      // The same input for another operation has another answer.
      await client.send(ask('a'));
      expect(sent()).toBe(3);
    });

    it('joins streams on their way, whoever reads first, and pays once', async () => {
      const { client, sent } = setUp();
      const { result, receipts } = await collectReceipts(async () => {
        const outputs = await Promise.all([stream(client, 'a'), stream(client, 'a'), stream(client, 'a')]);
        // The last is read first: nobody waits for the first caller.
        const texts: string[] = [];
        for (const output of outputs.reverse()) texts.push(textIn(await all(output)));
        return texts;
      });
      expect(sent()).toBe(1);
      expect(new Set(result).size).toBe(1);
      expect(receipts.map(({ attempts }) => attempts.length).sort()).toEqual([0, 0, 1]);
      expect(receipts.filter(({ cost }) => cost?.usd === 0)).toHaveLength(2);
      expect(receipts.every(({ settled }) => settled)).toBe(true);
    });

    it('keeps nothing of a stream that was left, and asks again for who waited for it', async () => {
      const { client, sent } = setUp({ ttlMs: 60_000 });
      const leaving = await stream(client, 'a');
      for await (const _ of leaving) break;
      expect(await textOf(client, 'a')).toBe('Answer 1');
      expect(await textOf(client, 'a')).toBe('Answer 1');
      expect(sent()).toBe(2);
    });

    it('shares InvokeModel answers and streams', async () => {
      const { client, sent } = setUp({ ttlMs: 60_000 });
      const body = JSON.stringify({
        anthropic_version: 'bedrock-2023-05-31',
        max_tokens: 9,
        messages: [{ role: 'user', content: 'Hi' }],
      });
      const modelId = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
      const texts: string[] = [];
      for (const bytes of [body, new TextEncoder().encode(body), body]) {
        const answer = await client.send(new InvokeModelCommand({ modelId, body: bytes }));
        texts.push(answer.body.transformToString());
      }
      // Text and bytes are sent alike, and compared as they are given.
      expect([sent(), texts[2]]).toEqual([2, texts[0]]);
      const chunks: string[] = [];
      for (const _ of [1, 2]) {
        const answer = await client.send(new InvokeModelWithResponseStreamCommand({ modelId, body }));
        let text = '';
        for await (const { chunk } of answer.body ?? []) text += new TextDecoder().decode(chunk?.bytes);
        chunks.push(text);
      }
      expect(sent()).toBe(3);
      expect(chunks[1]).toBe(chunks[0]);
    });
  });

  it('takes nothing from a stream in observe, and lets no call wait for another', async () => {
    const { client, sent } = setUp({ mode: 'observe' });
    const { result, receipts } = await collectReceipts(async () => {
      const first = await stream(client, 'a');
      // Its request goes out although the first is not read yet.
      const second = await stream(client, 'a');
      expect(sent()).toBe(2);
      return [textIn(await all(second)), textIn(await all(first))];
    });
    expect(result).toEqual(['Answer 1', 'Answer 0']);
    expect(receipts.map(({ decisions }) => decisions.map(({ action }) => action))).toEqual([
      [],
      ['would have answered from the cache'],
    ]);
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
