import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, InvalidOptionError, leverPlugin, type Receipt, withTags } from '@costkit/core';
import {
  type ConverseFixture,
  converseResponse,
  converseStreamEvents,
  converseStreamResponse,
  errorResponse,
  type FakeRequestHandler,
  type FakeResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  invokeStreamResponse,
  jsonResponse,
  type RecordedRequest,
} from '@costkit/testing';
import { describe, expect, it } from 'vitest';
import { BREVITY_INSTRUCTION, type OutputLimitOptions, withOutputLimit } from '../src/index.js';

const NOVA = 'amazon.nova-lite-v1:0';
const HAIKU = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';

type Answer = (request: RecordedRequest, index: number) => ConverseFixture | FakeResponse;

function setUp(
  options: OutputLimitOptions,
  answer: Answer,
): { client: BedrockRuntimeClient; handler: FakeRequestHandler } {
  const handler = fakeRequestHandler({
    handler: (request, index) => {
      const fixture = answer(request, index);
      if ('status' in fixture || 'networkError' in fixture) return fixture;
      return request.operation === 'ConverseStream'
        ? converseStreamResponse(converseStreamEvents(fixture))
        : jsonResponse(converseResponse(fixture));
    },
  });
  return {
    client: withOutputLimit(new BedrockRuntimeClient(fakeBedrockClientConfig(handler)), options),
    handler,
  };
}

interface Sent {
  readonly inferenceConfig?: { readonly maxTokens?: number };
  readonly messages: readonly {
    readonly role: string;
    readonly content: readonly { readonly text?: string }[];
  }[];
}
const sent = (handler: FakeRequestHandler, index = 0): Sent => handler.requests[index]?.json as Sent;
const input = (fields: Partial<ConverseCommandInput> = {}): ConverseCommandInput => ({
  modelId: NOVA,
  messages: [{ role: 'user', content: [{ text: 'How long is a piece of string?' }] }],
  ...fields,
});
const textOf = (message: { content?: readonly object[] | undefined } | undefined): string =>
  (message?.content ?? []).map((block) => ('text' in block ? String(block.text) : '')).join('');

async function read(
  client: BedrockRuntimeClient,
  command: ConverseCommandInput,
): Promise<ConverseStreamOutput[]> {
  const { stream } = await client.send(new ConverseStreamCommand(command));
  const events: ConverseStreamOutput[] = [];
  for await (const event of stream ?? []) events.push(event);
  return events;
}
async function receiptFor(run: () => Promise<unknown>): Promise<Receipt> {
  const { receipts } = await collectReceipts(run);
  return receipts[0] as Receipt;
}
const actions = (receipt: Receipt): string[] => receipt.decisions.map(({ action }) => action);

/** Cuts what goes beyond the cap, as a model with a given length of answer does. */
const long =
  (text: string, outputTokens: number, rest = ''): Answer =>
  (request) => {
    const body = request.json as Sent;
    const maxTokens = body.inferenceConfig?.maxTokens ?? Number.POSITIVE_INFINITY;
    const continues = body.messages.length > 1 && body.messages.at(-2)?.role === 'assistant';
    if (continues) return { text: rest, usage: { inputTokens: 60, outputTokens: Math.min(40, maxTokens) } };
    return outputTokens > maxTokens
      ? { text, stopReason: 'max_tokens', usage: { inputTokens: 20, outputTokens: maxTokens } }
      : { text: text + rest, usage: { inputTokens: 20, outputTokens } };
  };

describe('withOutputLimit', () => {
  describe('caps', () => {
    it('sets the cap of the task, and of tasks without one', async () => {
      const { client, handler } = setUp({ caps: { classify: 20 }, maxTokens: 500 }, () => ({}));
      await withTags({ task: 'classify' }, () => client.send(new ConverseCommand(input())));
      await client.send(new ConverseCommand(input()));
      await client.send(new ConverseCommand(input({ requestMetadata: { task: 'classify' } })));
      expect([0, 1, 2].map((index) => sent(handler, index).inferenceConfig?.maxTokens)).toEqual([
        20, 500, 20,
      ]);
    });

    it('lowers the request’s own cap, never raises it, and leaves the rest of the request alone', async () => {
      const { client, handler } = setUp({ maxTokens: 500 }, () => ({}));
      const receipt = await receiptFor(() =>
        client.send(new ConverseCommand(input({ inferenceConfig: { maxTokens: 4_096, temperature: 0.5 } }))),
      );
      await client.send(new ConverseCommand(input({ inferenceConfig: { maxTokens: 100 } })));
      expect(sent(handler).inferenceConfig).toEqual({ maxTokens: 500, temperature: 0.5 });
      expect(sent(handler, 1).inferenceConfig).toEqual({ maxTokens: 100 });
      expect(actions(receipt)).toEqual(['capped the answer at 500 tokens']);
    });

    it('caps InvokeModel bodies too', async () => {
      const { client, handler } = setUp({ maxTokens: 500 }, () =>
        jsonResponse({
          content: [{ type: 'text', text: 'Hi.' }],
          stop_reason: 'end_turn',
          usage: { input_tokens: 3, output_tokens: 2 },
        }),
      );
      const body = {
        anthropic_version: 'bedrock-2023-05-31',
        max_tokens: 8_000,
        messages: [{ role: 'user', content: 'Hello' }],
      };
      await client.send(new InvokeModelCommand({ modelId: HAIKU, body: JSON.stringify(body) }));
      expect(handler.requests[0]?.json).toEqual({ ...body, max_tokens: 500 });
    });

    it('learns a cap from 30 answers of a task, for that task and model only', async () => {
      const { client, handler } = setUp({}, () => ({ usage: { inputTokens: 20, outputTokens: 200 } }));
      const ask = (task: string, modelId = NOVA): Promise<unknown> =>
        withTags({ task }, () => client.send(new ConverseCommand(input({ modelId }))));
      for (let index = 0; index < 30; index += 1) await ask('answer');
      expect(handler.requests.every(({ json }) => !('inferenceConfig' in (json as object)))).toBe(true);
      await ask('answer');
      await ask('other');
      await ask('answer', HAIKU);
      expect([30, 31, 32].map((index) => sent(handler, index).inferenceConfig?.maxTokens)).toEqual([
        300,
        undefined,
        undefined,
      ]);
    });

    it('learns upwards when its own cap cuts, and not from what failed or broke off', async () => {
      let outputTokens = 100;
      const { client, handler } = setUp({ repair: false }, (request, index) =>
        index < 5 ? errorResponse('ValidationException', 'No.') : long('Word', outputTokens)(request, index),
      );
      const ask = (): Promise<unknown> => client.send(new ConverseCommand(input())).catch(() => undefined);
      for (let index = 0; index < 35; index += 1) await ask();
      expect(sent(handler, 34).inferenceConfig?.maxTokens).toBeUndefined();
      outputTokens = 1_000;
      const caps: (number | undefined)[] = [];
      for (let index = 35; index < 40; index += 1) {
        await ask();
        caps.push(sent(handler, index).inferenceConfig?.maxTokens);
      }
      expect(caps).toEqual([150, 450, 1_350, 1_500, 1_500]);
    });

    it('does not learn how long answers are from those that their requests cut', async () => {
      const { client, handler } = setUp({}, (request) => {
        const maxTokens = (request.json as Sent).inferenceConfig?.maxTokens;
        return {
          stopReason: maxTokens === undefined ? 'end_turn' : 'max_tokens',
          usage: { inputTokens: 20, outputTokens: maxTokens ?? 800 },
        };
      });
      for (let index = 0; index < 40; index += 1)
        await client.send(new ConverseCommand(input({ inferenceConfig: { maxTokens: 10 } })));
      await client.send(new ConverseCommand(input()));
      expect(sent(handler, 40).inferenceConfig).toBeUndefined();
    });

    it('learns nothing when told so', async () => {
      const { client, handler } = setUp({ learn: false }, () => ({}));
      for (let index = 0; index < 40; index += 1) await client.send(new ConverseCommand(input()));
      expect(sent(handler, 39).inferenceConfig).toBeUndefined();
    });

    it('leaves the cap of a request alone that sets its own thinking', async () => {
      const { client, handler } = setUp({ maxTokens: 500 }, () => ({}));
      const thinking = {
        additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 2_000 } },
        inferenceConfig: { maxTokens: 4_000 },
      };
      const receipt = await receiptFor(() =>
        client.send(new ConverseCommand(input({ modelId: HAIKU, ...thinking }))),
      );
      expect(sent(handler).inferenceConfig?.maxTokens).toBe(4_000);
      expect(receipt.decisions[0]?.reason).toContain('thinking');
    });

    it('leaves room for thinking on models that think by default', async () => {
      const { client, handler } = setUp({ maxTokens: 500 }, () => ({}));
      await client.send(new ConverseCommand(input({ modelId: 'global.anthropic.claude-sonnet-5' })));
      await client.send(
        new ConverseCommand(
          input({
            modelId: 'global.anthropic.claude-sonnet-5',
            additionalModelRequestFields: { thinking: { type: 'disabled' } },
          }),
        ),
      );
      expect([0, 1].map((index) => sent(handler, index).inferenceConfig?.maxTokens)).toEqual([8_692, 500]);
    });
  });

  describe('brevity', () => {
    it('asks behind the last cache point, and leaves the cached prefix as it is', async () => {
      const { client, handler } = setUp({ brevity: true }, () => ({}));
      const content = [
        { text: 'A long document.' },
        { cachePoint: { type: 'default' as const } },
        { text: 'And a question?' },
      ];
      const system = [{ text: 'You help.' }, { cachePoint: { type: 'default' as const } }];
      const receipt = await receiptFor(() =>
        client.send(new ConverseCommand(input({ system, messages: [{ role: 'user', content }] }))),
      );
      expect(handler.requests[0]?.json).toEqual({
        system,
        messages: [{ role: 'user', content: [...content, { text: BREVITY_INSTRUCTION }] }],
      });
      expect(actions(receipt)).toEqual(['asked for brevity']);
    });

    it('asks in your words, by task', async () => {
      const { client, handler } = setUp({ brevity: { answer: 'In three sentences.' } }, () => ({}));
      await withTags({ task: 'answer' }, () => client.send(new ConverseCommand(input())));
      await withTags({ task: 'toString' }, () => client.send(new ConverseCommand(input())));
      expect(sent(handler).messages[0]?.content.at(-1)?.text).toBe('In three sentences.');
      expect(sent(handler, 1).messages[0]?.content).toHaveLength(1);
    });

    it('does not ask in structured output or in a tool loop', async () => {
      const { client, handler } = setUp({ brevity: true }, () => ({}));
      const outputConfig = {
        textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '{"type":"object"}' } } },
      } as never;
      await client.send(new ConverseCommand(input({ outputConfig })));
      expect(sent(handler).messages[0]?.content).toHaveLength(1);
      const toolUse = { toolUseId: 'one', name: 'measure', input: {} };
      const messages: ConverseCommandInput['messages'] = [
        { role: 'user', content: [{ text: 'How long is it?' }] },
        { role: 'assistant', content: [{ toolUse }] },
        { role: 'user', content: [{ toolResult: { toolUseId: 'one', content: [{ text: '7 m' }] } }] },
      ];
      await client.send(new ConverseCommand(input({ messages })));
      expect(sent(handler, 1).messages[2]?.content).toHaveLength(1);
    });

    it.each([undefined, null, 'How long is it?', []])(
      'does not ask alone, where the question cannot be read: %o',
      async (content) => {
        const { client, handler } = setUp({ brevity: true }, () => ({}));
        const earlier = [
          { role: 'user', content: [{ text: 'One.' }] },
          { role: 'assistant', content: [{ text: 'Two.' }] },
        ];
        for (const messages of [[{ role: 'user', content }], [...earlier, { role: 'user', content }]])
          await client.send(new ConverseCommand(input({ messages: messages as never })));
        expect(JSON.stringify(handler.requests.map(({ json }) => json))).not.toContain(BREVITY_INSTRUCTION);
      },
    );
  });

  describe('repair', () => {
    it('continues a text that our own cap has cut, once, as one answer with the usage of both', async () => {
      const { client, handler } = setUp(
        { maxTokens: 100 },
        long('The answer to your question is fo', 120, 'rty-two.'),
      );
      let output: Awaited<ReturnType<typeof client.send<ConverseCommand['input'], never>>> | undefined;
      const receipt = await receiptFor(async () => {
        output = (await client.send(new ConverseCommand(input()))) as never;
      });
      const answer = output as unknown as {
        output: { message: { content: { text: string }[] } };
        stopReason: string;
        usage: object;
      };
      expect(textOf(answer.output.message)).toBe('The answer to your question is forty-two.');
      expect(answer).toMatchObject({ stopReason: 'end_turn', usage: { inputTokens: 80, outputTokens: 140 } });
      expect(handler.requests).toHaveLength(2);
      expect(sent(handler, 1).inferenceConfig?.maxTokens).toBe(400);
      expect(sent(handler, 1).messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
      expect(receipt.attempts.map(({ purpose }) => purpose)).toEqual(['answer', 'repair']);
      expect(actions(receipt)).toEqual(['capped the answer at 100 tokens', 'continued a cut answer']);
    });

    it('continues a stream in the same content block, without a gap', async () => {
      const { client, handler } = setUp(
        { maxTokens: 100 },
        long('The answer to your question is fo', 120, 'rty-two.'),
      );
      let events: ConverseStreamOutput[] = [];
      const receipt = await receiptFor(async () => {
        events = await read(client, input());
      });
      expect(events.map((event) => event.contentBlockDelta?.delta?.text ?? '').join('')).toBe(
        'The answer to your question is forty-two.',
      );
      expect(
        events.filter((event) => event.messageStart ?? event.messageStop ?? event.metadata),
      ).toHaveLength(3);
      expect(events.at(-1)?.metadata?.usage).toMatchObject({ inputTokens: 80, outputTokens: 140 });
      expect(handler.requests).toHaveLength(2);
      expect(receipt).toMatchObject({
        settled: true,
        quality: 'measured',
        usage: { input: 80, output: 140 },
      });
      expect(receipt.attempts.map(({ purpose, complete }) => [purpose, complete])).toEqual([
        ['answer', true],
        ['repair', true],
      ]);
    });

    it('continues InvokeModel answers', async () => {
      const { client, handler } = setUp({ maxTokens: 100 }, (request) => {
        const { messages } = request.json as Sent;
        const [text, stop_reason] =
          messages.length === 1 ? ['The answer is fo', 'max_tokens'] : ['rty-two.', 'end_turn'];
        return jsonResponse({
          content: [{ type: 'text', text }],
          stop_reason,
          usage: { input_tokens: 3, output_tokens: messages.length === 1 ? 100 : 4 },
        });
      });
      const body = {
        anthropic_version: 'bedrock-2023-05-31',
        max_tokens: 8_000,
        messages: [{ role: 'user', content: 'Hello' }],
      };
      const { body: bytes } = await client.send(
        new InvokeModelCommand({ modelId: HAIKU, body: JSON.stringify(body) }),
      );
      expect(JSON.parse(bytes.transformToString())).toMatchObject({
        content: [{ text: 'The answer is forty-two.' }],
        stop_reason: 'end_turn',
      });
      expect(handler.requests).toHaveLength(2);
    });

    it('reports an InvokeModel stream that our own cap has cut', async () => {
      const chunks = [
        { type: 'message_start', message: { usage: { input_tokens: 3, output_tokens: 1 } } },
        { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'The answer is fo' } },
        { type: 'message_delta', delta: { stop_reason: 'max_tokens' }, usage: { output_tokens: 100 } },
        {
          type: 'message_stop',
          'amazon-bedrock-invocationMetrics': { inputTokenCount: 3, outputTokenCount: 100 },
        },
      ];
      const { client, handler } = setUp({ maxTokens: 100 }, () => invokeStreamResponse(chunks));
      const body = JSON.stringify({
        anthropic_version: 'bedrock-2023-05-31',
        max_tokens: 8_000,
        messages: [{ role: 'user', content: 'Hello' }],
      });
      const receipt = await receiptFor(async () => {
        const answer = await client.send(new InvokeModelWithResponseStreamCommand({ modelId: HAIKU, body }));
        for await (const _ of answer.body ?? []) void _;
      });
      expect(handler.requests).toHaveLength(1);
      expect(actions(receipt)).toEqual(['capped the answer at 100 tokens', 'left cut']);
    });

    it('never does it twice', async () => {
      const { client, handler } = setUp({ maxTokens: 100 }, () => ({
        text: 'More and',
        stopReason: 'max_tokens',
        usage: { outputTokens: 100 },
      }));
      const answer = await client.send(new ConverseCommand(input()));
      expect(handler.requests).toHaveLength(2);
      expect(answer.stopReason).toBe('max_tokens');
      await read(client, input());
      expect(handler.requests).toHaveLength(4);
    });

    it('asks again with a higher cap when thinking took all of it', async () => {
      const { client, handler } = setUp({ maxTokens: 100, brevity: true }, (_, index) =>
        index === 0
          ? { content: [], stopReason: 'max_tokens', usage: { outputTokens: 100 } }
          : { text: 'Forty-two.', usage: { outputTokens: 150 } },
      );
      let answer: object = {};
      const receipt = await receiptFor(async () => {
        answer = await client.send(new ConverseCommand(input()));
      });
      expect(answer).toMatchObject({
        output: { message: { content: [{ text: 'Forty-two.' }] } },
        usage: { outputTokens: 250 },
      });
      expect(sent(handler, 1).inferenceConfig?.maxTokens).toBe(400);
      expect(sent(handler, 1).messages).toEqual(sent(handler, 0).messages);
      expect(actions(receipt)).toContain('asked again with a higher cap');
      // The first answer was for nothing: the call became dearer, and says so.
      expect(receipt.saved?.picoUsd).toBeLessThan(0n);
    });

    it('leaves an answer alone that the request’s own cap has cut', async () => {
      const { client, handler } = setUp({ maxTokens: 500 }, () => ({
        text: 'Cut',
        stopReason: 'max_tokens',
        usage: { outputTokens: 100 },
      }));
      const answer = await client.send(new ConverseCommand(input({ inferenceConfig: { maxTokens: 100 } })));
      expect(answer.stopReason).toBe('max_tokens');
      expect(handler.requests).toHaveLength(1);
    });

    it('keeps within the request’s own cap altogether', async () => {
      const cut: Answer = () => ({ text: 'Cut', stopReason: 'max_tokens', usage: { outputTokens: 100 } });
      const { client, handler } = setUp({ maxTokens: 100 }, cut);
      await client.send(new ConverseCommand(input({ inferenceConfig: { maxTokens: 150 } })));
      expect(sent(handler, 1).inferenceConfig?.maxTokens).toBe(50);
      const tight = setUp({ maxTokens: 100 }, cut);
      const receipt = await receiptFor(() =>
        tight.client.send(new ConverseCommand(input({ inferenceConfig: { maxTokens: 110 } }))),
      );
      expect(tight.handler.requests).toHaveLength(1);
      expect(receipt.decisions.at(-1)).toMatchObject({
        action: 'left cut',
        reason: expect.stringContaining('own cap'),
      });
    });

    it.each([
      [
        'a tool call',
        {
          content: [
            { text: 'Let me look.' },
            { toolUse: { toolUseId: 'one', name: 'look', input: { at: 'i' } } },
          ],
        },
        {},
        'tool call',
      ],
      [
        'JSON',
        { text: '{"answer": 4' },
        {
          outputConfig: {
            textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '{"type":"object"}' } } },
          } as never,
        },
        'schema',
      ],
    ])(
      'asks again for %s that was cut, once, and reports it on a stream',
      async (_, fixture, fields, reason) => {
        const { client, handler } = setUp({ maxTokens: 100 }, () => ({
          ...fixture,
          stopReason: 'max_tokens',
          usage: { outputTokens: 100 },
        }));
        const whole = await receiptFor(() => client.send(new ConverseCommand(input(fields))));
        const streamed = await receiptFor(() => read(client, input(fields)));
        // Cut again, it is handed on: once is enough.
        expect(handler.requests).toHaveLength(3);
        expect(sent(handler, 1)).toMatchObject({ ...sent(handler), inferenceConfig: { maxTokens: 400 } });
        expect(whole.attempts.map(({ purpose }) => purpose)).toEqual(['answer', 'repair']);
        expect(whole.decisions.at(-1)?.action).toBe('asked again with a higher cap');
        expect(streamed.stopReason).toBe('max_tokens');
        expect(streamed.decisions.at(-1)).toMatchObject({
          action: 'left cut',
          reason: expect.stringContaining(reason),
        });
      },
    );

    it('gives the cut answer when the repair fails', async () => {
      const { client, handler } = setUp({ maxTokens: 100 }, (_, index) =>
        index % 2 === 0
          ? { text: 'The answer is fo', stopReason: 'max_tokens', usage: { outputTokens: 100 } }
          : errorResponse('ValidationException', 'No.'),
      );
      const answer = await client.send(new ConverseCommand(input()));
      expect(textOf(answer.output?.message)).toBe('The answer is fo');
      expect(answer.stopReason).toBe('max_tokens');
      const events = await read(client, input());
      expect(events.at(-2)?.messageStop?.stopReason).toBe('max_tokens');
      expect(handler.requests).toHaveLength(4);
    });

    it('does not repair when told so', async () => {
      const { client, handler } = setUp({ maxTokens: 100, repair: false }, long('Cut', 120, '.'));
      await client.send(new ConverseCommand(input()));
      expect(handler.requests).toHaveLength(1);
    });

    it('counts both parts as what the bare request would have written', async () => {
      const { client } = setUp({ maxTokens: 100 }, long('The answer is fo', 120, 'rty-two.'));
      const receipt = await receiptFor(() => client.send(new ConverseCommand(input())));
      expect(receipt.baselineQuality).toBe('estimated');
      expect(receipt.usage.output).toBe(140);
    });
  });

  describe('hold-out', () => {
    it('keeps its share out of everything, and measures by it what the others save', async () => {
      const { client, handler } = setUp({ holdOut: 0.5, brevity: true, maxTokens: 900 }, (request) => {
        const brief = (request.json as Sent).messages[0]?.content.length === 2;
        return { usage: { inputTokens: 20, outputTokens: brief ? 100 : 400 } };
      });
      const { receipts } = await collectReceipts(async () => {
        for (let index = 0; index < 200; index += 1) await client.send(new ConverseCommand(input()));
      });
      const heldOut = receipts.filter((receipt) => actions(receipt).includes('held out'));
      expect(heldOut.length).toBeGreaterThan(70);
      expect(heldOut.length).toBeLessThan(130);
      for (const [index, receipt] of receipts.entries()) {
        expect(sent(handler, index).inferenceConfig === undefined).toBe(heldOut.includes(receipt));
      }
      expect(
        heldOut.every(({ saved, baselineQuality }) => saved?.usd === 0 && baselineQuality === 'exact'),
      ).toBe(true);
      const last = receipts.filter((receipt) => !heldOut.includes(receipt)).at(-1) as Receipt;
      expect(last.baselineQuality).toBe('estimated');
      // 300 tokens of output fewer than the mean of the hold-out, at the output rate.
      const rate = (last.saved?.picoUsd as bigint) / 300n;
      expect(last.saved?.picoUsd).toBe(rate * 300n);
      expect(last.decisions[0]?.estimatedSaving?.picoUsd).toBe(last.saved?.picoUsd);
    });

    it('claims no saving before it has seen enough', async () => {
      const { client } = setUp({ holdOut: 0.01, brevity: true }, () => ({}));
      const { receipts } = await collectReceipts(async () => {
        for (let index = 0; index < 30; index += 1) await client.send(new ConverseCommand(input()));
      });
      expect(receipts.every(({ saved }) => saved?.usd === 0)).toBe(true);
    });
  });

  describe('observe', () => {
    it('changes nothing, and says what it would have done', async () => {
      const { client, handler } = setUp(
        { mode: 'observe', maxTokens: 100, brevity: true, repair: false },
        long('Word', 150),
      );
      await client.send(new ConverseCommand(input()));
      const receipt = await receiptFor(() => client.send(new ConverseCommand(input())));
      expect(handler.requests[0]?.json).toEqual({ messages: input().messages });
      expect(handler.requests).toHaveLength(2);
      expect(actions(receipt)).toEqual([
        'would have capped the answer at 100 tokens',
        'would have asked for brevity',
      ]);
      expect(receipt.decisions[0]?.estimatedSaving?.picoUsd).toBeGreaterThan(0n);
    });
  });

  it('gives back the cut answer where a budget refuses the repair', async () => {
    const { client } = setUp({ maxTokens: 100 }, long('The answer is fo', 120, 'rty-two.'));
    let attempts = 0;
    client.middlewareStack.use(
      leverPlugin('limit', [
        {
          name: 'limit',
          slot: 'fit',
          mode: 'enforce',
          failsClosed: true,
          fit: () => {
            attempts += 1;
            if (attempts > 1) throw new InvalidOptionError('test', 'budget', 'is empty');
            return undefined;
          },
        },
      ]),
    );
    let answer: { stopReason?: string | undefined } = {};
    const receipt = await receiptFor(async () => {
      answer = await client.send(new ConverseCommand(input()));
    });
    expect(answer.stopReason).toBe('max_tokens');
    expect(receipt.decisions.at(-1)).toMatchObject({
      action: 'left cut',
      reason: expect.stringContaining('COSTKIT_INVALID_OPTION'),
    });
  });

  it.each([
    { maxTokens: 0 },
    { maxTokens: 1.5 },
    { caps: { a: -1 } },
    { caps: [] },
    { brevity: '' },
    { brevity: { a: 3 } },
    { holdOut: 1 },
    { holdOut: -0.1 },
    { thinkingTokens: -1 },
    { mode: 'on' },
    { cap: 5 },
  ])('refuses %o at construction', (options) => {
    expect(() => setUp(options as OutputLimitOptions, () => ({}))).toThrow(InvalidOptionError);
  });

  describe('effort and stop sequences', () => {
    const THINKS = 'us.anthropic.claude-sonnet-5';
    const options: OutputLimitOptions = { effort: { classify: 'low' }, stopSequences: { classify: ['###'] } };
    const shaped = async (fields: Partial<ConverseCommandInput>, task = 'classify') => {
      const { client, handler } = setUp(options, () => ({ text: 'A', usage: { outputTokens: 1 } }));
      const receipt = await withTags({ task }, () =>
        receiptFor(() => client.send(new ConverseCommand(input({ modelId: THINKS, ...fields })))),
      );
      const { outputConfig, inferenceConfig } = (handler.requests[0]?.json ?? {}) as Record<
        string,
        Record<string, unknown>
      >;
      return {
        actions: actions(receipt),
        effort: outputConfig?.['effort'],
        ends: inferenceConfig?.['stopSequences'],
      };
    };

    it('lowers the effort and sets an end for the tasks that say so', async () => {
      expect(await shaped({})).toEqual({
        actions: ['lowered the effort to low', 'set stop sequences'],
        effort: 'low',
        ends: ['###'],
      });
      expect(await shaped({}, 'other')).toEqual({ actions: [], effort: undefined, ends: undefined });
    });

    it('raises no effort, and leaves alone what a request says itself and what a model may refuse', async () => {
      const thinking = { additionalModelRequestFields: { thinking: { type: 'disabled' } } };
      expect((await shaped(thinking)).effort).toBeUndefined();
      expect((await shaped({ outputConfig: { effort: 'low' } as never })).actions).toEqual([
        'set stop sequences',
      ]);
      expect((await shaped({ modelId: NOVA })).effort).toBeUndefined();
      expect((await shaped({ inferenceConfig: { stopSequences: ['END'] } })).ends).toEqual(['END']);
    });

    it.each([
      [
        'us.anthropic.claude-sonnet-5',
        { anthropic_version: 'bedrock-2023-05-31', max_tokens: 500 },
        { output_config: { effort: 'low' }, stop_sequences: ['###'] },
      ],
      [
        NOVA,
        { inferenceConfig: { maxTokens: 9 } },
        { inferenceConfig: { maxTokens: 9, stopSequences: ['###'] } },
      ],
      ['openai.gpt-oss-20b-1:0', {}, { stop: ['###'] }],
      ['meta.llama3-3-70b-instruct-v1:0', {}, {}],
    ])('shapes InvokeModel bodies for %s', async (modelId, fields, added) => {
      const { client, handler } = setUp({ ...options, learn: false }, () => jsonResponse({}));
      const content = modelId === NOVA ? [{ text: 'Hi' }] : 'Hi';
      const body = modelId.startsWith('meta')
        ? { prompt: 'Hi' }
        : { messages: [{ role: 'user', content }], ...fields };
      for (const sent of [JSON.stringify(body), new TextEncoder().encode(JSON.stringify(body))])
        await withTags({ task: 'classify' }, () =>
          client.send(new InvokeModelCommand({ modelId, body: sent })),
        );
      expect(handler.requests.map(({ json }) => json)).toEqual([
        { ...body, ...added },
        { ...body, ...added },
      ]);
    });

    it("leaves a body's own effort and ends alone", async () => {
      const { client, handler } = setUp({ ...options, learn: false }, () => jsonResponse({}));
      const body = {
        anthropic_version: 'bedrock-2023-05-31',
        max_tokens: 500,
        messages: [{ role: 'user', content: 'Hi' }],
        output_config: { effort: 'low' },
        stop_sequences: ['END'],
      };
      await withTags({ task: 'classify' }, () =>
        client.send(
          new InvokeModelCommand({ modelId: 'us.anthropic.claude-sonnet-5', body: JSON.stringify(body) }),
        ),
      );
      expect(handler.requests[0]?.json).toEqual(body);
    });

    it('rejects efforts and ends that are none', () => {
      const wrong = (given: object) => () => setUp(given as OutputLimitOptions, () => ({ text: '' }));
      expect(wrong({ effort: { classify: 'none' } })).toThrow('option "effort" must map tasks to');
      expect(wrong({ stopSequences: { classify: '###' } })).toThrow(
        'option "stopSequences" must map tasks to',
      );
    });
  });
});
