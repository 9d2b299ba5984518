import {
  type BedrockRuntimeClient,
  ConverseCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalBedrock, type LocalModel, startLocalBedrock } from '../src/index.js';
import { runtimeClient } from './_clients.js';

const ANSWER = 'Paris is the capital of France.';
const PROMPT = 'What is the capital of France?';
/** Tokens of both by o200k_base. */
const PROMPT_TOKENS = 7;
const ANSWER_TOKENS = 7;

const parrot: LocalModel = {
  kind: 'parrot',
  answer: ({ prompt }) => {
    const [tool] = prompt.toolSpecs;
    return tool === undefined
      ? { parts: [{ type: 'text', text: ANSWER }] }
      : { parts: [{ type: 'toolUse', name: tool.name, input: { city: 'Paris' } }] };
  },
};

let bedrock: LocalBedrock;
let client: BedrockRuntimeClient;
const headers: Record<string, string> = {};

beforeAll(async () => {
  bedrock = await startLocalBedrock({ models: { '*': parrot } });
  client = runtimeClient(bedrock);
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      for (const name of Object.keys(headers)) delete headers[name];
      Object.assign(headers, (result.response as { headers: object }).headers);
      return result;
    },
    { step: 'deserialize' },
  );
});
afterAll(async () => {
  client.destroy();
  await bedrock.stop();
});

const invoke = async (modelId: string, body: object): Promise<Record<string, unknown>> => {
  const output = await client.send(
    new InvokeModelCommand({ modelId, contentType: 'application/json', body: JSON.stringify(body) }),
  );
  return JSON.parse(output.body.transformToString());
};
const stream = async (modelId: string, body: object): Promise<Record<string, unknown>[]> => {
  const output = await client.send(
    new InvokeModelWithResponseStreamCommand({
      modelId,
      contentType: 'application/json',
      body: JSON.stringify(body),
    }),
  );
  const chunks: Record<string, unknown>[] = [];
  for await (const event of output.body ?? []) {
    chunks.push(JSON.parse(Buffer.from(event.chunk?.bytes ?? []).toString('utf8')));
  }
  return chunks;
};

const messages = [{ role: 'user', content: PROMPT }];
const DIALECTS: readonly [string, string, object, object, (chunk: never) => unknown][] = [
  [
    'Anthropic Messages',
    'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    { anthropic_version: 'bedrock-2023-05-31', max_tokens: 99, messages },
    {
      role: 'assistant',
      content: [{ type: 'text', text: ANSWER }],
      stop_reason: 'end_turn',
      usage: { input_tokens: PROMPT_TOKENS, output_tokens: ANSWER_TOKENS, cache_read_input_tokens: 0 },
    },
    (chunk: { delta?: { text?: string } }) => chunk.delta?.text,
  ],
  [
    'Nova',
    'us.amazon.nova-lite-v1:0',
    { messages: [{ role: 'user', content: [{ text: PROMPT }] }], inferenceConfig: { max_new_tokens: 99 } },
    {
      output: { message: { role: 'assistant', content: [{ text: ANSWER }] } },
      stopReason: 'end_turn',
      usage: {
        inputTokens: PROMPT_TOKENS,
        outputTokens: ANSWER_TOKENS,
        totalTokens: PROMPT_TOKENS + ANSWER_TOKENS,
        cacheReadInputTokenCount: 0,
        cacheWriteInputTokenCount: 0,
      },
    },
    (chunk: { contentBlockDelta?: { delta: { text: string } } }) => chunk.contentBlockDelta?.delta.text,
  ],
  [
    'Llama',
    'us.meta.llama3-3-70b-instruct-v1:0',
    { prompt: PROMPT, max_gen_len: 99 },
    {
      generation: ANSWER,
      prompt_token_count: PROMPT_TOKENS,
      generation_token_count: ANSWER_TOKENS,
      stop_reason: 'stop',
    },
    (chunk: { generation?: string }) => chunk.generation,
  ],
  [
    'Mistral prompts',
    'mistral.mistral-7b-instruct-v0:2',
    { prompt: PROMPT, max_tokens: 99 },
    { outputs: [{ text: ANSWER, stop_reason: 'stop' }] },
    (chunk: { outputs?: { text: string }[] }) => chunk.outputs?.[0]?.text,
  ],
  [
    'Mistral chat',
    'mistral.mistral-7b-instruct-v0:2',
    { messages, max_tokens: 99 },
    {
      choices: [{ index: 0, message: { role: 'assistant', content: ANSWER }, finish_reason: 'stop' }],
      usage: { prompt_tokens: PROMPT_TOKENS, completion_tokens: ANSWER_TOKENS },
    },
    (chunk: { choices?: { delta: { content?: string } }[] }) => chunk.choices?.[0]?.delta.content,
  ],
  [
    'OpenAI',
    'openai.gpt-oss-20b-1:0',
    { messages, max_completion_tokens: 99 },
    {
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', content: ANSWER }, finish_reason: 'stop' }],
      usage: {
        prompt_tokens: PROMPT_TOKENS,
        completion_tokens: ANSWER_TOKENS,
        total_tokens: PROMPT_TOKENS + ANSWER_TOKENS,
      },
    },
    (chunk: { choices?: { delta: { content?: string } }[] }) => chunk.choices?.[0]?.delta.content,
  ],
];

describe('InvokeModel', () => {
  it.each(DIALECTS)('speaks %s', async (_, modelId, body, expected) => {
    expect(await invoke(modelId, body)).toMatchObject(expected);
    expect(headers).toMatchObject({
      'x-amzn-bedrock-input-token-count': String(PROMPT_TOKENS),
      'x-amzn-bedrock-output-token-count': String(ANSWER_TOKENS),
      'x-amzn-bedrock-invocation-latency': expect.stringMatching(/^\d+$/),
    });
    expect(bedrock.bill().lines.at(-1)).toMatchObject({
      operation: 'InvokeModel',
      modelId,
      tokens: { input: PROMPT_TOKENS, output: ANSWER_TOKENS },
    });
  });

  it.each(DIALECTS)(
    'streams %s with the metrics in its last chunk',
    async (_, modelId, body, _expected, textOf) => {
      const chunks = await stream(modelId, body);
      expect(chunks.map((chunk) => textOf(chunk as never) ?? '').join('')).toBe(ANSWER);
      expect(chunks.at(-1)).toMatchObject({
        'amazon-bedrock-invocationMetrics': {
          inputTokenCount: PROMPT_TOKENS,
          outputTokenCount: ANSWER_TOKENS,
        },
      });
      expect(chunks.slice(0, -1).every((chunk) => !('amazon-bedrock-invocationMetrics' in chunk))).toBe(true);
      expect(bedrock.bill().lines.at(-1)).toMatchObject({
        operation: 'InvokeModelWithResponseStream',
        answerComplete: true,
      });
    },
  );

  it('sends cache headers always for Nova, and for Claude when something was cached', async () => {
    await invoke('us.amazon.nova-lite-v1:0', { messages: [{ role: 'user', content: [{ text: PROMPT }] }] });
    expect(headers).toMatchObject({ 'x-amzn-bedrock-cache-read-input-token-count': '0' });
    const claude = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
    const body = (marker: object) => ({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 9,
      system: [{ type: 'text', text: 'Be kind. '.repeat(2000), ...marker }],
      messages,
    });
    await invoke(claude, body({}));
    expect(headers).not.toHaveProperty('x-amzn-bedrock-cache-read-input-token-count');
    const first = await invoke(claude, body({ cache_control: { type: 'ephemeral', ttl: '1h' } }));
    const written = (first['usage'] as { cache_creation_input_tokens: number }).cache_creation_input_tokens;
    expect(first).toMatchObject({
      usage: { cache_creation: { ephemeral_1h_input_tokens: written, ephemeral_5m_input_tokens: 0 } },
    });
    expect(headers).toMatchObject({
      'x-amzn-bedrock-cache-read-input-token-count': '0',
      'x-amzn-bedrock-cache-write-input-token-count': String(written),
    });
    expect(await invoke(claude, body({ cache_control: { type: 'ephemeral', ttl: '1h' } }))).toMatchObject({
      usage: {
        cache_read_input_tokens: written,
        cache_creation_input_tokens: 0,
        input_tokens: PROMPT_TOKENS,
      },
    });
    expect(bedrock.bill().lines.slice(-2)).toMatchObject([
      { tokens: { cacheWrite1h: written, cacheRead: 0 } },
      { tokens: { cacheWrite1h: 0, cacheRead: written } },
    ]);
  });

  it('reads the cache point inside a block of Nova, and writes for nothing', async () => {
    const body = {
      system: [{ text: 'Be kind. '.repeat(2000), cachePoint: { type: 'default' } }],
      messages: [{ role: 'user', content: [{ text: PROMPT }] }],
    };
    const { usage } = (await invoke('us.amazon.nova-lite-v1:0', body)) as {
      usage: { cacheWriteInputTokenCount: number };
    };
    expect(usage.cacheWriteInputTokenCount).toBeGreaterThan(1000);
    const write = bedrock
      .bill()
      .lines.at(-1)
      ?.lines.find(({ kind }) => kind === 'cacheWrite5m');
    expect(write).toMatchObject({ count: usage.cacheWriteInputTokenCount, picoUsd: 0n });
  });

  it('calls tools in the words of the family', async () => {
    const schema = { type: 'object', properties: { city: { type: 'string' } } };
    expect(
      await invoke('us.anthropic.claude-haiku-4-5-20251001-v1:0', {
        anthropic_version: 'bedrock-2023-05-31',
        max_tokens: 99,
        messages,
        tools: [{ name: 'look', input_schema: schema }],
      }),
    ).toMatchObject({
      stop_reason: 'tool_use',
      content: [
        { type: 'tool_use', name: 'look', input: { city: 'Paris' }, id: expect.stringMatching(/^toolu_/) },
      ],
    });
    const openAi = {
      messages,
      tools: [{ type: 'function', function: { name: 'look', parameters: schema } }],
    };
    expect(await invoke('openai.gpt-oss-20b-1:0', openAi)).toMatchObject({
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            content: null,
            tool_calls: [{ function: { name: 'look', arguments: '{"city":"Paris"}' } }],
          },
        },
      ],
    });
    const chunks = await stream('openai.gpt-oss-20b-1:0', openAi);
    const pieces = chunks.map((chunk) => {
      const [choice] = chunk['choices'] as {
        delta: { tool_calls?: { function: { arguments?: string } }[] };
      }[];
      return choice?.delta.tool_calls?.[0]?.function.arguments ?? '';
    });
    expect(JSON.parse(pieces.join(''))).toEqual({ city: 'Paris' });
  });

  it('echoes tier and latency where they were asked for, and bills them', async () => {
    const output = await client.send(
      new InvokeModelCommand({
        modelId: 'us.amazon.nova-pro-v1:0',
        serviceTier: 'flex',
        contentType: 'application/json',
        body: JSON.stringify({ messages: [{ role: 'user', content: [{ text: PROMPT }] }] }),
      }),
    );
    expect(output.serviceTier).toBe('flex');
    expect(bedrock.bill().lines.at(-1)).toMatchObject({
      mode: { tier: 'flex', batch: false },
      picoUsd: BigInt(PROMPT_TOKENS) * 400_000n + BigInt(ANSWER_TOKENS) * 1_600_000n,
    });
    const converse = await client.send(
      new ConverseCommand({
        modelId: 'us.amazon.nova-pro-v1:0',
        performanceConfig: { latency: 'optimized' },
        serviceTier: { type: 'default' },
        messages: [{ role: 'user', content: [{ text: PROMPT }] }],
      }),
    );
    expect(converse.performanceConfig).toEqual({ latency: 'optimized' });
    expect(converse.serviceTier).toEqual({ type: 'default' });
    expect(bedrock.bill().lines.at(-1)).toMatchObject({ mode: { tier: 'standard', latencyOptimized: true } });
  });

  it('takes the request metadata from its header', async () => {
    await client.send(
      new InvokeModelCommand({
        modelId: 'us.amazon.nova-lite-v1:0',
        requestMetadata: JSON.stringify({ team: 'search' }),
        contentType: 'application/json',
        body: JSON.stringify({ messages: [{ role: 'user', content: [{ text: PROMPT }] }] }),
      }),
    );
    expect(bedrock.bill().lines.at(-1)?.requestMetadata).toEqual({ team: 'search' });
  });
});

describe('embeddings', () => {
  const length = (vector: unknown): number => Math.hypot(...(vector as number[]));

  it('embeds with Titan V2, which counts in the body and sends vectors by type unasked', async () => {
    const body = await invoke('amazon.titan-embed-text-v2:0', { inputText: PROMPT, dimensions: 256 });
    expect(body).toMatchObject({ inputTextTokenCount: PROMPT_TOKENS });
    expect(body['embedding']).toHaveLength(256);
    expect(length(body['embedding'])).toBeCloseTo(1, 5);
    expect(body['embeddingsByType']).toEqual({ float: body['embedding'] });
    expect(headers).toMatchObject({ 'x-amzn-bedrock-input-token-count': String(PROMPT_TOKENS) });
    expect(headers).not.toHaveProperty('x-amzn-bedrock-output-token-count');
    // $0.02 per million tokens.
    expect(bedrock.bill().lines.at(-1)?.picoUsd).toBe(BigInt(PROMPT_TOKENS) * 20_000n);
  });

  it('embeds with Titan V1, which has one length and no options', async () => {
    const body = await invoke('amazon.titan-embed-text-v1', { inputText: PROMPT });
    expect(Object.keys(body)).toEqual(['embedding', 'inputTextTokenCount']);
    expect(body['embedding']).toHaveLength(1536);
    await expect(
      invoke('amazon.titan-embed-text-v1', { inputText: PROMPT, dimensions: 256 }),
    ).rejects.toThrow('extraneous key [dimensions]');
  });

  it('embeds many texts with Cohere v3 and tells the count in the header only', async () => {
    const body = await invoke('cohere.embed-english-v3', {
      texts: [PROMPT, PROMPT, 'Other'],
      input_type: 'search_document',
    });
    expect(body).toMatchObject({ response_type: 'embeddings_floats' });
    expect(body['embeddings']).toHaveLength(3);
    expect(JSON.stringify(body)).not.toContain('token');
    expect(headers).toMatchObject({ 'x-amzn-bedrock-input-token-count': String(2 * PROMPT_TOKENS + 1) });
  });

  it('embeds by type with Cohere v4, asked or not', async () => {
    const unasked = await invoke('cohere.embed-v4:0', {
      texts: [PROMPT],
      input_type: 'search_query',
      output_dimension: 512,
    });
    expect(unasked).toMatchObject({
      response_type: 'embeddings_by_type',
      embeddings: { float: [expect.any(Array)] },
    });
    const asked = await invoke('cohere.embed-v4:0', {
      texts: [PROMPT],
      input_type: 'search_query',
      embedding_types: ['int8', 'ubinary'],
    });
    const { int8, ubinary } = asked['embeddings'] as Record<string, number[][]>;
    expect(int8?.[0]).toHaveLength(1536);
    expect(int8?.[0]?.every((value) => Number.isInteger(value) && value >= -128 && value <= 127)).toBe(true);
    expect(ubinary?.[0]).toHaveLength(192);
  });

  it('embeds with Nova, whose body has no count', async () => {
    const body = await invoke('amazon.nova-2-multimodal-embeddings-v1:0', {
      taskType: 'SINGLE_EMBEDDING',
      singleEmbeddingParams: {
        embeddingPurpose: 'GENERIC_INDEX',
        embeddingDimension: 384,
        text: { truncationMode: 'END', value: PROMPT },
      },
    });
    expect(body).toEqual({ embeddings: [{ embeddingType: 'TEXT', embedding: expect.any(Array) }] });
    expect(headers).toMatchObject({ 'x-amzn-bedrock-input-token-count': String(PROMPT_TOKENS) });
  });

  it('bills an image of Titan by the piece', async () => {
    await invoke('amazon.titan-embed-image-v1', { inputImage: Buffer.from('image').toString('base64') });
    // $0.00006 per image.
    expect(bedrock.bill().lines.at(-1)).toMatchObject({ units: { image: 1 }, picoUsd: 60_000_000n });
    const both = await invoke('amazon.titan-embed-image-v1', { inputText: PROMPT, inputImage: 'aW1hZ2U=' });
    expect(both).toMatchObject({ inputTextTokenCount: PROMPT_TOKENS });
    // $0.80 per million tokens beside it.
    expect(bedrock.bill().lines.at(-1)?.picoUsd).toBe(60_000_000n + BigInt(PROMPT_TOKENS) * 800_000n);
  });

  it.each<[string, object, object, bigint | undefined]>([
    ['an image', { image: { format: 'png' } }, { image: 1 }, 60_000_000n],
    [
      'a page',
      { image: { format: 'png', detailLevel: 'DOCUMENT_IMAGE' } },
      { documentImage: 1 },
      600_000_000n,
    ],
    ['a video of unknown length', { video: { format: 'mp4' } }, { video: 1 }, undefined],
  ])('bills %s of Nova as the price list does', async (_, media, units, picoUsd) => {
    await invoke('amazon.nova-2-multimodal-embeddings-v1:0', {
      taskType: 'SINGLE_EMBEDDING',
      singleEmbeddingParams: { embeddingPurpose: 'GENERIC_INDEX', ...media },
    });
    expect(bedrock.bill().lines.at(-1)).toMatchObject({ units, picoUsd });
  });

  it('knows no price of images of Cohere, whose tokens have one of their own', async () => {
    await invoke('cohere.embed-v4:0', { images: ['data:image/png;base64,AQID'], input_type: 'image' });
    expect(bedrock.bill().lines.at(-1)).toMatchObject({ units: { image: 1 }, picoUsd: undefined });
  });

  it('puts texts with the same words close together', async () => {
    const vector = async (inputText: string): Promise<number[]> =>
      (await invoke('amazon.titan-embed-text-v2:0', { inputText }))['embedding'] as number[];
    const [one, near, far] = [
      await vector('refund for a late parcel'),
      await vector('a late parcel: refund?'),
      await vector('reset my password'),
    ];
    const product = (left: number[] | undefined, right: number[] | undefined): number =>
      (left ?? []).reduce((sum, value, index) => sum + value * (right?.[index] ?? 0), 0);
    expect(product(one, near)).toBeGreaterThan(0.7);
    expect(product(one, far)).toBeLessThan(0.4);
  });

  it('refuses a text that is too long, or cuts it where the caller said so', async () => {
    const long = 'word '.repeat(9_000);
    await expect(invoke('amazon.titan-embed-text-v2:0', { inputText: long })).rejects.toThrow(
      'Too many input tokens. Max input tokens: 8192',
    );
    await invoke('cohere.embed-english-v3', {
      texts: [long],
      input_type: 'search_document',
      truncate: 'END',
    });
    expect(bedrock.bill().lines.at(-1)?.tokens.input).toBe(512);
  });

  it('does not stream', async () => {
    await expect(stream('amazon.titan-embed-text-v2:0', { inputText: 'x' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});
