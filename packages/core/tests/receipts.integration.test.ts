import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { costOf } from '@costkit/pricing';
import {
  converseResponse,
  converseStreamEvents,
  converseStreamResponse,
  errorResponse,
  type FakeResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  invokeStreamResponse,
  jsonResponse,
} from '@costkit/testing';
import { describe, expect, it } from 'vitest';
import {
  collectReceipts,
  deriveClient,
  leverPlugin,
  onReceipt,
  type Receipt,
  receiptOf,
  settingsPlugin,
  withTags,
} from '../src/index.js';

const MODEL = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const INPUT: ConverseCommandInput = {
  modelId: MODEL,
  messages: [{ role: 'user', content: [{ text: 'Where is Paris?' }] }],
};
const PLUGIN = leverPlugin('nothing', []);

function clientWith(...responses: FakeResponse[]) {
  const handler = fakeRequestHandler({ responses });
  const bare = new BedrockRuntimeClient(fakeBedrockClientConfig(handler));
  return { handler, bare, client: deriveClient(bare, PLUGIN) };
}

const usageOf = (receipt: Receipt | undefined) => receipt?.usage;

describe('receiptOf', () => {
  it('prices a Converse call from the usage it reports', async () => {
    const { client } = clientWith(
      jsonResponse(
        converseResponse({
          usage: { inputTokens: 100, outputTokens: 20, cacheReadInputTokens: 30, cacheWrite1h: 7 },
        }),
      ),
    );
    const output = await client.send(new ConverseCommand(INPUT));
    const receipt = receiptOf(output);
    expect(usageOf(receipt)).toEqual({
      input: 100,
      output: 20,
      cacheRead: 30,
      cacheWrite5m: 0,
      cacheWrite1h: 7,
      cacheWrite30m: 0,
    });
    expect(receipt?.cost?.toUsdString()).toBe(
      costOf(receipt!.usage, { model: MODEL, region: 'us-east-1' }).total.toUsdString(),
    );
    expect(receipt).toMatchObject({
      operation: 'Converse',
      requestedModel: MODEL,
      servedModel: 'anthropic.claude-haiku-4-5-20251001-v1:0',
      region: 'us-east-1',
      scope: 'geo:us',
      mode: 'standard',
      stopReason: 'end_turn',
      quality: 'measured',
      settled: true,
    });
  });

  it('settles a stream at its metadata and hands the chunks on by reference', async () => {
    const { client, bare } = clientWith(
      converseStreamResponse(
        converseStreamEvents({ text: 'Paris is in France.', usage: { inputTokens: 11, outputTokens: 6 } }),
      ),
      converseStreamResponse(
        converseStreamEvents({ text: 'Paris is in France.', usage: { inputTokens: 11, outputTokens: 6 } }),
      ),
    );
    const output = await client.send(new ConverseStreamCommand(INPUT));
    const receipt = receiptOf(output);
    expect(receipt?.settled).toBe(false);
    const seen: unknown[] = [];
    for await (const event of output.stream!) seen.push(event);
    const plain: unknown[] = [];
    for await (const event of (await bare.send(new ConverseStreamCommand(INPUT))).stream!) plain.push(event);
    expect(seen).toEqual(plain);
    expect(receipt).toMatchObject({ settled: true, quality: 'measured', usage: { input: 11, output: 6 } });
    expect(receipt?.firstChunkMs).toBeGreaterThanOrEqual(0);
    expect(receiptOf(output.stream)).toBe(receipt);
  });

  it('marks a stream that its consumer leaves as estimated and stops the connection', async () => {
    const { client, handler } = clientWith(
      converseStreamResponse(
        converseStreamEvents({ text: 'word '.repeat(40), usage: { inputTokens: 11, outputTokens: 40 } }),
      ),
    );
    const output = await client.send(new ConverseStreamCommand(INPUT));
    let count = 0;
    for await (const _ of output.stream!) {
      count += 1;
      if (count === 3) break;
    }
    const receipt = receiptOf(output);
    expect(receipt).toMatchObject({ settled: true, quality: 'estimated' });
    expect(receipt?.attempts[0]).toMatchObject({ complete: false });
    expect(receipt?.usage.input).toBeGreaterThan(0);
    expect(handler.requests).toHaveLength(1);
  });

  it('has a receipt for a call that failed, by the very error that the SDK threw', async () => {
    const { client } = clientWith(errorResponse('ValidationException', 'no', { status: 400 }));
    const error = await client.send(new ConverseCommand(INPUT)).catch((thrown: unknown) => thrown);
    expect(receiptOf(error)).toMatchObject({ error: 'ValidationException', attempts: [], settled: true });
    expect(receiptOf(error)?.cost?.picoUsd).toBe(0n);
  });

  it('does not take for free an answer of which half got lost on its way: the model has made all of it', async () => {
    const body = new TextEncoder().encode(
      '{"output":{"message":{"role":"assistant","content":[{"text":"In Fra',
    );
    const { client } = clientWith({ status: 200, headers: { 'content-type': 'application/json' }, body });
    const error: unknown = await client.send(new ConverseCommand(INPUT)).catch((thrown: unknown) => thrown);
    const receipt = receiptOf(error);
    expect(receipt).toMatchObject({ error: 'SyntaxError', quality: 'estimated' });
    expect(receipt?.attempts).toMatchObject([{ complete: false, error: 'SyntaxError' }]);
    expect(receipt?.cost?.picoUsd).toBeGreaterThan(0n);
  });

  it('reads an Anthropic InvokeModel body with writes split by time to live', async () => {
    const body = {
      content: [{ type: 'text', text: 'Hi' }],
      stop_reason: 'end_turn',
      usage: {
        input_tokens: 5,
        output_tokens: 2,
        cache_creation_input_tokens: 30,
        cache_read_input_tokens: 4,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      },
    };
    const { client } = clientWith(jsonResponse(body));
    const request = {
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 5,
      messages: [{ role: 'user', content: 'Hi' }],
    };
    const output = await client.send(
      new InvokeModelCommand({ modelId: MODEL, body: JSON.stringify(request) }),
    );
    expect(usageOf(receiptOf(output))).toEqual({
      input: 5,
      output: 2,
      cacheRead: 4,
      cacheWrite5m: 10,
      cacheWrite1h: 20,
      cacheWrite30m: 0,
    });
    expect(output.body.transformToString()).toContain('Hi');
  });

  it.each([
    ['measured', 'agree', 130],
    // Which of the two is billed is not known.
    ['estimated', 'contradict each other', 98],
  ])('is %s where the metrics of an InvokeModel stream and its own counts %s', async (quality, _, output) => {
    const { client } = clientWith(
      invokeStreamResponse([
        {
          type: 'message_start',
          message: { usage: { input_tokens: 9, cache_read_input_tokens: 3, output_tokens: 1 } },
        },
        { type: 'content_block_delta', delta: { type: 'text_delta', text: 'Hi' } },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: output } },
        {
          type: 'message_stop',
          'amazon-bedrock-invocationMetrics': {
            inputTokenCount: 9,
            outputTokenCount: 130,
            cacheReadInputTokenCount: 3,
          },
        },
      ]),
    );
    const request = {
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 5,
      messages: [{ role: 'user', content: 'Hi' }],
    };
    const answer = await client.send(
      new InvokeModelWithResponseStreamCommand({ modelId: MODEL, body: JSON.stringify(request) }),
    );
    for await (const _ of answer.body!) {
    }
    expect(receiptOf(answer)).toMatchObject({
      quality,
      usage: { input: 9, output: 130, cacheRead: 3 },
      stopReason: 'end_turn',
    });
  });

  it('says that a price is unknown instead of inventing one', async () => {
    const { client } = clientWith(jsonResponse(converseResponse()));
    const output = await client.send(new ConverseCommand({ ...INPUT, modelId: 'acme.unheard-of-v1' }));
    expect(receiptOf(output)).toMatchObject({ cost: undefined, baseline: undefined, saved: undefined });
  });
});

describe('collectReceipts', () => {
  it('collects all calls below it with their tags', async () => {
    const { client } = clientWith(jsonResponse(converseResponse()), jsonResponse(converseResponse()));
    const { result, receipts } = await collectReceipts(() =>
      withTags({ feature: 'support' }, async () => {
        await Promise.all([
          client.send(new ConverseCommand({ ...INPUT, requestMetadata: { team: 'care' } })),
          withTags({ feature: 'inner' }, () => client.send(new ConverseCommand(INPUT))),
        ]);
        return 7;
      }),
    );
    expect(result).toBe(7);
    expect(receipts.map((receipt) => receipt.tags)).toEqual([
      { feature: 'support', team: 'care' },
      { feature: 'inner' },
    ]);
  });
});

describe('settingsPlugin', () => {
  it('writes allowed tags into the request metadata, hashes some and reports what had to change', async () => {
    const { bare, handler } = clientWith(jsonResponse(converseResponse()));
    const client = deriveClient(
      bare,
      settingsPlugin({
        tags: { team: 'Käse', tenant: 'acme', other: 'x' },
        metadataTags: ['team', 'tenant'],
        hashedTags: ['tenant'],
      }),
    );
    const output = await client.send(new ConverseCommand(INPUT));
    const metadata = (handler.requests[0]!.json as { requestMetadata: Record<string, string> })
      .requestMetadata;
    expect(metadata['team']).toBe('K_se');
    expect(metadata['tenant']).toMatch(/^[0-9a-f]{32}$/);
    expect(metadata['other']).toBeUndefined();
    expect(receiptOf(output)?.decisions[0]?.action).toContain('team');
  });
});

describe('onReceipt', () => {
  it('tells a listener until it is unsubscribed, and survives one that throws', async () => {
    const { client } = clientWith(jsonResponse(converseResponse()), jsonResponse(converseResponse()));
    const seen: Receipt[] = [];
    const stopBad = onReceipt(() => {
      throw new Error('listener');
    });
    const stop = onReceipt((receipt) => seen.push(receipt));
    await client.send(new ConverseCommand(INPUT));
    stop();
    await client.send(new ConverseCommand(INPUT));
    stopBad();
    expect(seen).toHaveLength(1);
  });
});
