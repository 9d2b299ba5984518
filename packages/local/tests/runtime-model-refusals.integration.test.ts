import {
  type BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock, type LocalBedrock, startLocalBedrock } from '../src/index.js';
import { runtimeClient } from './_clients.js';

const CLAUDE_5 = 'global.anthropic.claude-sonnet-5';
const OPUS_4_8 = 'us.anthropic.claude-opus-4-8';
const SONNET_4_6 = 'us.anthropic.claude-sonnet-4-6';
const HAIKU_4_5 = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const NOVA = 'us.amazon.nova-lite-v1:0';
const NOVA_MICRO = 'us.amazon.nova-micro-v1:0';
const LLAMA = 'us.meta.llama3-3-70b-instruct-v1:0';

const text = { text: 'Hello there' };
const user = { role: 'user' as const, content: [text] };
const begun = { role: 'assistant' as const, content: [text] };
const tool = { toolSpec: { name: 'lookup', inputSchema: { json: { type: 'object' } } } };
const budget = (tokens: number) => ({ thinking: { type: 'enabled', budget_tokens: tokens } });
const schema = {
  textFormat: { type: 'json_schema' as const, structure: { jsonSchema: { schema: '{"type":"object"}' } } },
};
const NO_BUDGET =
  '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.';
const ONE_OF_TWO = '`temperature` and `top_p` cannot both be specified for this model. Please use only one.';
const NO_PREFILL =
  'This model does not support assistant message prefill. The conversation must end with a user message.';

let bedrock: LocalBedrock;
let client: BedrockRuntimeClient;

beforeAll(async () => {
  bedrock = await startLocalBedrock({ clock: createManualClock(Date.parse('2026-11-22T12:00:00Z')) });
  client = runtimeClient(bedrock, 'HTTP/2', { maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await bedrock.stop();
});

const converse = (modelId: string, input: Partial<ConverseCommandInput>) =>
  client.send(new ConverseCommand({ modelId, messages: [user], ...input }));

describe('Converse', () => {
  it.each<[string, string, Partial<ConverseCommandInput>, string]>([
    [
      'a temperature',
      CLAUDE_5,
      { inferenceConfig: { temperature: 0 } },
      '`temperature` is deprecated for this model.',
    ],
    ['top_p', OPUS_4_8, { inferenceConfig: { topP: 1 } }, '`top_p` is deprecated for this model.'],
    [
      'top_k',
      CLAUDE_5,
      { additionalModelRequestFields: { top_k: 5 } },
      '`top_k` is deprecated for this model.',
    ],
    ['temperature and top_p', HAIKU_4_5, { inferenceConfig: { temperature: 0, topP: 0.9 } }, ONE_OF_TWO],
    ['a begun answer', SONNET_4_6, { messages: [user, begun] }, NO_PREFILL],
    ['a thinking budget', CLAUDE_5, { additionalModelRequestFields: budget(2_000) }, NO_BUDGET],
    [
      'a thinking budget before Claude 5',
      OPUS_4_8,
      { additionalModelRequestFields: budget(2_000) },
      NO_BUDGET,
    ],
    [
      'too small a thinking budget',
      HAIKU_4_5,
      { additionalModelRequestFields: budget(1_000) },
      'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024',
    ],
    [
      'a thinking budget that leaves no room',
      HAIKU_4_5,
      { additionalModelRequestFields: budget(2_000), inferenceConfig: { maxTokens: 2_000 } },
      '`max_tokens` must be greater than `thinking.budget_tokens`.',
    ],
    [
      'a temperature beside a thinking budget',
      HAIKU_4_5,
      { additionalModelRequestFields: budget(2_000), inferenceConfig: { temperature: 0 } },
      '`temperature` may only be set to 1 when thinking is enabled.',
    ],
    [
      'a temperature beside adaptive thinking',
      SONNET_4_6,
      {
        additionalModelRequestFields: { thinking: { type: 'adaptive' } },
        inferenceConfig: { temperature: 0.5 },
      },
      '`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.',
    ],
    [
      'a forced tool beside a thinking budget',
      HAIKU_4_5,
      {
        additionalModelRequestFields: budget(2_000),
        toolConfig: { tools: [tool], toolChoice: { any: {} } },
      },
      'Thinking may not be enabled when tool_choice forces tool use.',
    ],
    ['a schema', CLAUDE_5, { outputConfig: schema }, 'output_config.format: Extra inputs are not permitted'],
  ])('hands on that the provider refuses %s', async (_, modelId, input, message) => {
    const lines = bedrock.bill().lines.length;
    await expect(converse(modelId, input)).rejects.toMatchObject({
      name: 'ValidationException',
      message: `The model returned the following errors: ${message}`,
      $metadata: { httpStatusCode: 400, attempts: 1 },
    });
    expect(bedrock.bill().lines).toHaveLength(lines);
  });

  it.each<[string, string, Partial<ConverseCommandInput>]>([
    ['a temperature of 1', CLAUDE_5, { inferenceConfig: { temperature: 1 } }],
    ['either of temperature and top_p', HAIKU_4_5, { inferenceConfig: { topP: 0.9 } }],
    ['temperature and top_p together', NOVA, { inferenceConfig: { temperature: 0, topP: 0.9 } }],
    ['a begun answer', HAIKU_4_5, { messages: [user, begun] }],
    ['a thinking budget', HAIKU_4_5, { additionalModelRequestFields: budget(1_024) }],
    ['adaptive thinking', CLAUDE_5, { additionalModelRequestFields: { thinking: { type: 'adaptive' } } }],
    ['a schema', HAIKU_4_5, { outputConfig: schema }],
    ['tools of a model that does not stream them', LLAMA, { toolConfig: { tools: [tool] } }],
  ])('lets %s pass where it is taken', async (_, modelId, input) => {
    await expect(converse(modelId, input)).resolves.toHaveProperty('usage');
  });

  it('refuses images of models that take text alone', async () => {
    const image = { image: { format: 'png' as const, source: { bytes: Buffer.from('png') } } };
    const messages = [{ role: 'user' as const, content: [text, image] }];
    await expect(converse(NOVA_MICRO, { messages })).rejects.toMatchObject({
      name: 'ValidationException',
      message: "This model doesn't support the image field for user messages. Remove image and try again.",
    });
    await expect(converse(NOVA, { messages })).resolves.toHaveProperty('usage');
    // That it takes none is assumed.
    await expect(converse('mistral.mistral-large-3-675b-instruct', { messages })).resolves.toHaveProperty(
      'usage',
    );
  });
});

describe('Converse with media in S3', () => {
  it('is for Nova alone', async () => {
    const source = { s3Location: { uri: 's3://bucket/picture.png' } };
    const messages = [
      { role: 'user' as const, content: [text, { image: { format: 'png' as const, source } }] },
    ];
    await expect(converse(HAIKU_4_5, { messages })).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        'The model returned the following errors: messages.0.content.1.image.source.type: Field required',
    });
    await expect(converse(NOVA, { messages })).resolves.toHaveProperty('usage');
  });
});

describe('ConverseStream', () => {
  it('refuses tools of models that do not stream them', async () => {
    const send = (toolConfig: ConverseCommandInput['toolConfig']) =>
      client.send(new ConverseStreamCommand({ modelId: LLAMA, messages: [user], toolConfig }));
    await expect(send({ tools: [tool] })).rejects.toMatchObject({
      name: 'ValidationException',
      message: "This model doesn't support tool use in streaming mode.",
    });
    await expect(send(undefined)).resolves.toHaveProperty('stream');
  });
});

describe('InvokeModel', () => {
  const body = {
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 50,
    messages: [{ role: 'user', content: 'Hello' }],
  };
  const answer = { role: 'assistant', content: 'Well,' };

  it.each<[string, string, object, string]>([
    ['a temperature', CLAUDE_5, { temperature: 0 }, '`temperature` is deprecated for this model.'],
    ['top_k', OPUS_4_8, { top_k: 0 }, '`top_k` is deprecated for this model.'],
    ['temperature and top_p', HAIKU_4_5, { temperature: 0, top_p: 0.9 }, ONE_OF_TWO],
    ['a begun answer', CLAUDE_5, { messages: [...body.messages, answer] }, NO_PREFILL],
    ['a thinking budget', OPUS_4_8, budget(2_000), NO_BUDGET],
    [
      'a schema',
      CLAUDE_5,
      { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
      'output_config.format: Extra inputs are not permitted',
    ],
  ])('refuses %s in the words of the provider', async (_, modelId, wrong, message) => {
    const command = new InvokeModelCommand({ modelId, body: JSON.stringify({ ...body, ...wrong }) });
    await expect(client.send(command)).rejects.toMatchObject({ name: 'ValidationException', message });
  });
});
