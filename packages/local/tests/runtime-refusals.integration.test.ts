import {
  type BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  CountTokensCommand,
  InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { CATALOGUE } from '@costkit/pricing/catalogue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock, type LocalBedrock, startLocalBedrock } from '../src/index.js';
import { runtimeClient } from './_clients.js';

const HAIKU = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const OLD_CLAUDE = 'us.anthropic.claude-3-7-sonnet-20250219-v1:0';
const NOVA = 'us.amazon.nova-lite-v1:0';
const QWEN = 'qwen.qwen3-32b-v1:0';
const user = (...content: object[]) => ({ role: 'user', content }) as never;
const assistant = (...content: object[]) => ({ role: 'assistant', content }) as never;
const text = { text: 'Hello there' };
const point = { cachePoint: { type: 'default' as const } };
const longPoint = { cachePoint: { type: 'default' as const, ttl: '1h' as const } };
const tool = { toolSpec: { name: 'lookup', inputSchema: { json: { type: 'object' } } } };
const call = { toolUse: { toolUseId: 'tooluse_1', name: 'lookup', input: {} } };
const result = { toolResult: { toolUseId: 'tooluse_1', content: [{ text: 'found' }] } };

let bedrock: LocalBedrock;
let client: BedrockRuntimeClient;
const clock = createManualClock(Date.parse('2026-11-22T12:00:00Z'));

beforeAll(async () => {
  bedrock = await startLocalBedrock({ clock });
  client = runtimeClient(bedrock, 'HTTP/2', { maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await bedrock.stop();
});

const converse = (input: Partial<ConverseCommandInput>) =>
  client.send(new ConverseCommand({ modelId: HAIKU, messages: [user(text)], ...input }));
const invoke = (body: unknown, modelId = HAIKU) =>
  client.send(
    new InvokeModelCommand({ modelId, contentType: 'application/json', body: JSON.stringify(body) }),
  );

describe('Converse', () => {
  it.each<[string, Partial<ConverseCommandInput>, string]>([
    ['an unknown model', { modelId: 'us.no-such.model-v1:0' }, 'The provided model identifier is invalid.'],
    [
      'a profile that does not exist',
      { modelId: 'jp.amazon.nova-lite-v1:0' },
      'The provided model identifier is invalid.',
    ],
    [
      'a profile of another geography',
      { modelId: 'eu.amazon.nova-lite-v1:0' },
      'The provided model identifier is invalid.',
    ],
    [
      'a bare id without on-demand throughput',
      { modelId: 'anthropic.claude-haiku-5-5' },
      'Invocation of model ID anthropic.claude-haiku-5-5 with on-demand throughput isn\u2019t supported. Retry your request with the ID or ARN of an inference profile that contains this model.',
    ],
    [
      'a model that does not chat',
      { modelId: 'amazon.titan-embed-text-v2:0' },
      "This action doesn't support the model that you provided. Try again with a supported text or chat model.",
    ],
    [
      'a conversation that the assistant begins',
      { messages: [assistant(text)] },
      'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    ],
    [
      'no messages',
      { messages: [] },
      'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    ],
    [
      'two turns in a row',
      { messages: [user(text), user(text)] },
      'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.',
    ],
    [
      'no content',
      { messages: [user()] },
      'The content field in the Message object at messages.0 is empty. Add a ContentBlock object to the content field and try again.',
    ],
    [
      'blank text',
      { messages: [user({ text: ' ' })] },
      'The text field in the ContentBlock object at messages.0.content.0 is blank. Add text to the text field, and try again.',
    ],
    [
      'blank system text',
      { system: [{ text: '' }] },
      'The text field in the SystemContentBlock object at system.0 is blank. Add text to the text field, and try again.',
    ],
    [
      'maxTokens of 0',
      { inferenceConfig: { maxTokens: 0 } },
      "1 validation error detected: Value '0' at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      'maxTokens above the model',
      { modelId: NOVA, inferenceConfig: { maxTokens: 10_001 } },
      'The maximum tokens you requested exceeds the model limit of 10000. Try again with a maximum tokens value that is lower than 10000.',
    ],
    [
      'a temperature above 1',
      { inferenceConfig: { temperature: 1.5 } },
      "1 validation error detected: Value '1.5' at 'inferenceConfig.temperature' failed to satisfy constraint: Member must have value less than or equal to 1",
    ],
    [
      'tool blocks without toolConfig',
      { messages: [user(text), assistant(call), user(result)] },
      'The toolConfig field must be defined when using toolUse and toolResult content blocks.',
    ],
    [
      'a result that nobody asked for',
      { toolConfig: { tools: [tool] }, messages: [user(text), assistant(text), user(result)] },
      'The number of toolResult blocks at messages.2.content exceeds the number of toolUse blocks of previous turn.',
    ],
    [
      'a call without its result',
      { toolConfig: { tools: [tool] }, messages: [user(text), assistant(call), user(text)] },
      'Expected toolResult blocks at messages.2.content for the following Ids: tooluse_1',
    ],
    [
      '17 tags',
      { requestMetadata: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`key${index}`, 'v'])) },
      "1 validation error detected: Value at 'requestMetadata' failed to satisfy constraint: Member must have length less than or equal to 16",
    ],
    ['an unknown tier', { serviceTier: { type: 'turbo' as never } }, 'service tier provided is invalid'],
    [
      'a tier the model does not have',
      { serviceTier: { type: 'flex' } },
      'The provided service tier is not supported for this model',
    ],
    ['a reservation nobody made', { serviceTier: { type: 'reserved' } }, 'Reservation not found.'],
  ])('refuses %s', async (_, input, message) => {
    await expect(converse(input)).rejects.toMatchObject({
      name: 'ValidationException',
      message,
      $metadata: { httpStatusCode: 400, attempts: 1 },
    });
  });

  it.each<[string, Partial<ConverseCommandInput>, string]>([
    [
      'behind reasoning',
      {
        messages: [
          user(text),
          assistant({ reasoningContent: { reasoningText: { text: 'hm' } } }, point),
          user(text),
        ],
      },
      'Cache point cannot be inserted after reasoning block. Please remove the invalid cache point and try again.',
    ],
    [
      'behind a document that is no PDF',
      {
        messages: [
          user(
            text,
            { document: { format: 'txt', name: 'd', source: { bytes: Buffer.from('text') } } },
            point,
          ),
        ],
      },
      'The model returned the following errors: messages.0.content.2.type: Field required',
    ],
    [
      'at the head of a message',
      { messages: [user(point, text)] },
      'The model returned the following errors: messages.0.content.0.type: Field required',
    ],
    [
      'twice in one place',
      { messages: [user(text, point, point)] },
      'The model returned the following errors: messages.0.content.2.type: Field required',
    ],
    [
      'a short one before a long one',
      { system: [text, point], messages: [user(text, longPoint)] },
      "The model returned the following errors: messages.0.content.0.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.",
    ],
    [
      'five of them',
      { messages: [user(text, point, text, point, text, point, text, point, text, point)] },
      'The model returned the following errors: A maximum of 4 blocks with cache_control may be provided. Found 5.',
    ],
    [
      'in the tools of Nova',
      { modelId: NOVA, toolConfig: { tools: [tool, point as never] } },
      'The model returned the following errors: Malformed input request: #/toolConfig/tools/1: extraneous key [cachePoint] is not permitted, please reformat your input and try again.',
    ],
    [
      'of one hour on Nova',
      { modelId: NOVA, system: [text, longPoint] },
      'Extended TTL prompt caching is only supported for Anthropic models',
    ],
    [
      'of one hour on an older Claude',
      { modelId: OLD_CLAUDE, system: [text, longPoint] },
      'The model returned the following errors: system.1.cache_control.ttl: Extra inputs are not permitted',
    ],
    [
      'in one object with text',
      { messages: [user({ text: 'Hello', cachePoint: { type: 'default' } })] },
      'ContentBlock object at messages.0.content.0 can only set one of the following keys: ',
    ],
  ])('refuses a cache point %s', async (_, input, message) => {
    await expect(converse(input)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });

  it('refuses a cache point on a model without a prompt cache, hard', async () => {
    await expect(converse({ modelId: QWEN, system: [text, point] })).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: 'You invoked an unsupported model or your request did not allow prompt caching.',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('refuses a prompt longer than the context', async () => {
    const words = 'word '.repeat(150_000);
    await expect(converse({ modelId: QWEN, messages: [user({ text: words })] })).rejects.toMatchObject({
      message: 'Input is too long for requested model.',
    });
  });

  it('lets a model go when its life ends', async () => {
    const [id = '', model] =
      [...CATALOGUE].find(
        ([, { lifecycle, kind, inRegion }]) =>
          kind === 'text' &&
          inRegion === undefined &&
          (lifecycle.endOfLife ?? '9') > '2026-11-23' &&
          lifecycle.endOfLife !== undefined,
      ) ?? [];
    await expect(converse({ modelId: id })).resolves.toMatchObject({ stopReason: 'end_turn' });
    const later = createManualClock(Date.parse(`${model?.lifecycle.endOfLife}T00:00:00Z`));
    const future = await startLocalBedrock({ clock: later });
    const lateClient = runtimeClient(future);
    await expect(
      lateClient.send(new ConverseCommand({ modelId: id, messages: [user(text)] })),
    ).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
    lateClient.destroy();
    await future.stop();
  });

  it('bills nothing of what it refused', async () => {
    const before = bedrock.bill().lines.length;
    await converse({ messages: [] }).catch(() => undefined);
    expect(bedrock.bill().lines).toHaveLength(before);
  });
});

describe('InvokeModel', () => {
  const body = {
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 50,
    messages: [{ role: 'user', content: 'Hello' }],
  };
  const marked = { type: 'text', text: 'x', cache_control: { type: 'ephemeral' } };

  it.each<[string, unknown, string]>([
    ['no version', { ...body, anthropic_version: undefined }, 'anthropic_version: Field required'],
    ['no cap', { ...body, max_tokens: undefined }, 'max_tokens: Field required'],
    ['a cap of 0', { ...body, max_tokens: 0 }, 'max_tokens: Input should be greater than or equal to 1'],
    [
      'a cap above the model',
      { ...body, max_tokens: 64_001 },
      'max_tokens: 64001 > 64000, which is the maximum allowed number of output tokens for anthropic.claude-haiku-4-5-20251001-v1:0',
    ],
    ['no messages', { ...body, messages: [] }, 'messages: at least one message is required'],
    [
      'an unknown role',
      { ...body, messages: [{ role: 'robot', content: 'x' }] },
      "messages.0.role: Input should be 'user' or 'assistant'",
    ],
    [
      'an assistant first',
      { ...body, messages: [{ role: 'assistant', content: 'x' }] },
      'messages: first message must use the "user" role',
    ],
    [
      'a block without type',
      { ...body, messages: [{ role: 'user', content: [{ text: 'x' }] }] },
      'messages.0.content.0.type: Field required',
    ],
    [
      'an orphaned result',
      {
        ...body,
        messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'x' }] }],
      },
      'messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: a. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
    ],
    [
      'five markers',
      { ...body, messages: [{ role: 'user', content: [marked, marked, marked, marked, marked] }] },
      'A maximum of 4 blocks with cache_control may be provided. Found 5.',
    ],
  ])('refuses %s', async (_, wrong, message) => {
    await expect(invoke(wrong)).rejects.toMatchObject({ name: 'ValidationException', message });
  });

  it.each<[string, string, unknown, string]>([
    [
      'Titan without text',
      'amazon.titan-embed-text-v2:0',
      {},
      'Malformed input request: #: required key [inputText] not found, please reformat your input and try again.',
    ],
    [
      'Titan with odd dimensions',
      'amazon.titan-embed-text-v2:0',
      { inputText: 'x', dimensions: 300 },
      'Malformed input request: #/dimensions: 300 is not a valid enum value, please reformat your input and try again.',
    ],
    [
      'Cohere without input type',
      'cohere.embed-english-v3',
      { texts: ['x'] },
      'Malformed input request: #: required key [input_type] not found, please reformat your input and try again.',
    ],
    [
      'Cohere with 97 texts',
      'cohere.embed-english-v3',
      { texts: Array.from({ length: 97 }, () => 'x'), input_type: 'search_document' },
      'Malformed input request: #/texts: expected maximum item count: 96, found: 97, please reformat your input and try again.',
    ],
    [
      'Llama without prompt',
      'us.meta.llama3-3-70b-instruct-v1:0',
      {},
      'Malformed input request: #: required key [prompt] not found, please reformat your input and try again.',
    ],
    [
      'Llama with a cap above the model',
      'us.meta.llama3-3-70b-instruct-v1:0',
      { prompt: 'x', max_gen_len: 5000 },
      'Malformed input request: #/max_gen_len: 5000 is not less or equal to 4096, please reformat your input and try again.',
    ],
    [
      'an OpenAI body without messages',
      QWEN,
      {},
      'Malformed input request: #: required key [messages] not found, please reformat your input and try again.',
    ],
  ])('refuses %s', async (_, modelId, wrong, message) => {
    await expect(invoke(wrong, modelId)).rejects.toMatchObject({ name: 'ValidationException', message });
  });

  it('refuses a body that is no JSON', async () => {
    const send = client.send(
      new InvokeModelCommand({ modelId: HAIKU, contentType: 'application/json', body: '{broken' }),
    );
    await expect(send).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('CountTokens', () => {
  const count = (modelId: string) =>
    client.send(new CountTokensCommand({ modelId, input: { converse: { messages: [user(text)] } } }));

  it('counts, for free, what Converse then bills', async () => {
    const before = bedrock.bill().lines.length;
    const { inputTokens } = await count('anthropic.claude-haiku-4-5-20251001-v1:0');
    expect(bedrock.bill().lines).toHaveLength(before);
    expect((await converse({})).usage?.inputTokens).toBe(inputTokens);
  });

  it('counts InvokeModel bodies too', async () => {
    const body = JSON.stringify({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 5,
      messages: [{ role: 'user', content: 'Hello there' }],
    });
    const { inputTokens } = await client.send(
      new CountTokensCommand({
        modelId: 'anthropic.claude-haiku-4-5-20251001-v1:0',
        input: { invokeModel: { body: Buffer.from(body) } },
      }),
    );
    expect(inputTokens).toBe(2);
  });

  it.each([
    ['a profile', HAIKU, "The provided model doesn't support counting tokens."],
    [
      'a model that cannot',
      'anthropic.claude-haiku-5-5',
      "The provided model doesn't support counting tokens.",
    ],
    ['an unknown model', 'no.model', 'The provided model identifier is invalid.'],
  ])('refuses %s', async (_, modelId, message) => {
    await expect(count(modelId)).rejects.toMatchObject({ name: 'ValidationException', message });
  });
});

describe('the wire', () => {
  it('refuses requests without credentials', async () => {
    const response = await fetch(`${bedrock.endpoint}/model/${HAIKU}/converse`, {
      method: 'POST',
      body: '{}',
    });
    expect(response.status).toBe(403);
    expect(response.headers.get('x-amzn-errortype')).toMatch(/^MissingAuthenticationTokenException/);
    expect(await response.json()).toEqual({ message: 'Missing Authentication Token' });
  });

  it('takes a bearer key', async () => {
    const response = await fetch(`${bedrock.endpoint}/model/${encodeURIComponent(HAIKU)}/converse`, {
      method: 'POST',
      headers: { authorization: 'Bearer key' },
      body: JSON.stringify({ messages: [user(text)] }),
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('finds the model behind ARNs', async () => {
    const arn = `arn:aws:bedrock:us-east-1:123456789012:inference-profile/${HAIKU}`;
    await converse({ modelId: arn });
    expect(bedrock.bill().lines.at(-1)).toMatchObject({ modelId: arn, scope: 'geo:us' });
    await converse({ modelId: 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0' });
    expect(bedrock.bill().lines.at(-1)).toMatchObject({ model: 'amazon.nova-lite-v1:0', scope: 'inRegion' });
    await expect(
      converse({
        modelId: 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl',
      }),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('answers unknown paths as an unknown operation', async () => {
    const response = await fetch(`${bedrock.endpoint}/nowhere`, { headers: { authorization: 'Bearer key' } });
    expect(response.status).toBe(404);
  });
});
