import {
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { type CatalogueModel, type Dialect, listModels } from '@costkit/pricing';
import { refusalsOf } from '@costkit/pricing/refusals';
import fc from 'fast-check';
import type { BedrockClientLike } from '../src/index.js';
import { ANTHROPIC, anyConversation, CONVERSE, type Conversation, LOOKUP } from './random-conversations.js';

type Json = Record<string, unknown>;

/** One call of an application: sends, reads a stream to its end, returns what `send` returned. */
export interface RandomCall {
  readonly operation: string;
  readonly input: Json;
  send(client: BedrockClientLike): Promise<object>;
}

const COMMANDS = {
  Converse: ConverseCommand,
  ConverseStream: ConverseStreamCommand,
  InvokeModel: InvokeModelCommand,
  InvokeModelWithResponseStream: InvokeModelWithResponseStreamCommand,
} as const;

function call(operation: keyof typeof COMMANDS, input: Json): RandomCall {
  return {
    operation,
    input,
    send: async (client) => {
      const Command = COMMANDS[operation] as unknown as new (input: Json) => unknown;
      const output = (await client.send(new Command(input))) as {
        stream?: AsyncIterable<object>;
        body?: unknown;
      };
      const isStream = operation === 'ConverseStream' || operation === 'InvokeModelWithResponseStream';
      const stream = isStream ? (output.stream ?? (output.body as AsyncIterable<object>)) : undefined;
      if (stream !== undefined)
        for await (const _ of stream) {
        }
      return output;
    },
  };
}

/** A model by an id that can be called from the local Bedrock's Region on the day of the test. */
interface Callable {
  readonly modelId: string;
  readonly model: CatalogueModel;
}

const callable = (model: CatalogueModel, day: string): Callable[] =>
  (model.lifecycle.endOfLife ?? '9999') <= day
    ? []
    : [
        ...(model.inRegion === undefined || model.inRegion.includes('us-east-1') ? [model.id] : []),
        ...model.profiles
          .filter((prefix) => prefix === 'us' || prefix === 'global')
          .map((prefix) => `${prefix}.${model.id}`),
      ].map((modelId) => ({ modelId, model }));

const text = fc
  .tuple(
    fc.constantFrom('Where is my parcel? ', 'Größe: 12,50 €. ', 'データを確認します。', '{"id": 12} '),
    fc.constantFrom(1, 3, 40),
  )
  .map(([words, times]) => words.repeat(times));

/** Long enough to be cached, and few enough of them to be read again. */
const prefix = fc
  .constantFrom(1, 2, 3)
  .map((chapter) => `Chapter ${chapter} of the handbook. `.repeat(1_400));

/** Whether the prefix has room in the model's context. */
const fits = ({ contextWindow = 32_000 }: CatalogueModel): boolean => contextWindow >= 20_000;

/** How a request asks to be processed, of what the model takes. */
function modeOf({ capabilities }: CatalogueModel): fc.Arbitrary<{ tier?: string; latency?: string }> {
  const modes: { tier?: string; latency?: string }[] = [{}, {}, { tier: 'default' }];
  for (const tier of capabilities.tiers) {
    if (tier === 'latencyOptimized') modes.push({ latency: 'optimized' });
    else if (tier !== 'reserved') modes.push({ tier });
  }
  return fc.constantFrom(...modes);
}

/** The guardrail that a part of the calls names; the local Bedrock must have it. */
export const GUARDRAIL = 'gr-test';

function converse({ modelId, model }: Callable): fc.Arbitrary<RandomCall> {
  const { cache, tools, systemPrompts, streaming } = model.capabilities;
  const points = cache?.explicit === true && cache.sections.includes('system');
  const refusals = refusalsOf(model.id);
  const refusesTools = refusals.has('streamedTools');
  const shown = refusals.has('images')
    ? { ...model, capabilities: { ...model.capabilities, images: false } }
    : model;
  return fc
    .record({
      conversation: anyConversation(CONVERSE, shown, text),
      system: systemPrompts && fits(model) ? fc.option(prefix, { nil: undefined }) : fc.constant(undefined),
      point: points
        ? fc.constantFrom(undefined, '5m', ...(cache.ttls.includes('1h') ? ['1h'] : []))
        : fc.constant(undefined),
      maxTokens: fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }),
      tool: tools ? fc.boolean() : fc.constant(false),
      streamed: streaming ? fc.boolean() : fc.constant(false),
      mode: modeOf(model),
      guarded: fc.integer({ max: 3, min: 0 }).map((draw) => draw === 0),
    })
    .map(({ conversation, system, point, maxTokens, tool, streamed, mode, guarded }) =>
      call(streamed && !(refusesTools && (tool || conversation.usesTools)) ? 'ConverseStream' : 'Converse', {
        modelId,
        messages: conversation.messages,
        ...(system === undefined
          ? {}
          : {
              system: [
                { text: system },
                ...(point === undefined
                  ? []
                  : [{ cachePoint: { type: 'default', ...(point === '1h' ? { ttl: point } : {}) } }]),
              ],
            }),
        ...(maxTokens === undefined ? {} : { inferenceConfig: { maxTokens } }),
        ...(tool || conversation.usesTools
          ? {
              toolConfig: {
                tools: [{ toolSpec: { name: LOOKUP, inputSchema: { json: { type: 'object' } } } }],
              },
            }
          : {}),
        ...(guarded
          ? {
              guardrailConfig: {
                guardrailIdentifier: GUARDRAIL,
                guardrailVersion: '1',
                trace: 'enabled',
              },
            }
          : {}),
        ...(mode.tier === undefined ? {} : { serviceTier: { type: mode.tier } }),
        ...(mode.latency === undefined ? {} : { performanceConfig: { latency: mode.latency } }),
      }),
    );
}

/** Bodies of each family, with a cap. */
const BODIES: Readonly<
  Partial<
    Record<
      Dialect,
      (question: string, cap: number, system: string | undefined, conversation: Conversation) => Json
    >
  >
> = {
  anthropic: (question, cap, system, { messages, usesTools }) => ({
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: cap,
    messages: messages.length > 1 ? messages : [{ role: 'user', content: question }],
    ...(usesTools ? { tools: [{ name: LOOKUP, input_schema: { type: 'object' } }] } : {}),
    ...(system === undefined
      ? {}
      : { system: [{ type: 'text', text: system, cache_control: { type: 'ephemeral' } }] }),
  }),
  nova: (question, cap, system) => ({
    schemaVersion: 'messages-v1',
    messages: [{ role: 'user', content: [{ text: question }] }],
    inferenceConfig: { maxTokens: cap },
    ...(system === undefined ? {} : { system: [{ text: system, cachePoint: { type: 'default' } }] }),
  }),
  openai: (question, cap, system) => ({
    messages: [
      ...(system === undefined ? [] : [{ role: 'system', content: system }]),
      { role: 'user', content: question },
    ],
    max_tokens: cap,
  }),
  ai21: (question, cap) => ({ messages: [{ role: 'user', content: question }], max_tokens: cap }),
  mistral: (question, cap) => ({ prompt: question, max_tokens: cap }),
  llama: (question, cap) => ({ prompt: question, max_gen_len: cap }),
  'titan-text': (question, cap) => ({ inputText: question, textGenerationConfig: { maxTokenCount: cap } }),
  'cohere-command': (question, cap) => ({ prompt: question, max_tokens: cap }),
  'titan-embed': (question) => ({ inputText: question.slice(0, 200) }),
  'titan-embed-image': (question) => ({ inputText: question.slice(0, 200), inputImage: 'AQID' }),
  'cohere-embed': (question) => ({ texts: [question], input_type: 'search_document', truncate: 'END' }),
  'nova-embed': (question, cap) => ({
    taskType: 'SINGLE_EMBEDDING',
    singleEmbeddingParams: {
      embeddingPurpose: 'GENERIC_INDEX',
      ...[
        { text: { truncationMode: 'END', value: question } },
        { image: { format: 'png', source: { bytes: 'AQID' } } },
        { image: { format: 'png', detailLevel: 'DOCUMENT_IMAGE', source: { bytes: 'AQID' } } },
      ][cap % 3],
    },
  }),
  // More than a hundred documents count as another query.
  rerank: (question, cap) => ({
    query: question,
    documents: Array.from({ length: cap }, (_, index) => `${index} ${question.slice(0, 40)}`),
    top_n: 3,
  }),
};

function invoke({ modelId, model }: Callable): fc.Arbitrary<RandomCall> {
  const body = BODIES[model.dialect] as NonNullable<(typeof BODIES)[Dialect]>;
  const isText = model.kind === 'text';
  const { cache, systemPrompts, streaming } = model.capabilities;
  // A body that sets a point is refused where there is no cache; OpenAI's has none to set.
  const caches =
    systemPrompts &&
    fits(model) &&
    (model.dialect === 'openai' || (cache?.explicit === true && cache.sections.includes('system')));
  return fc
    .record({
      question: text,
      conversation: anyConversation(ANTHROPIC, model, text),
      cap: fc.integer({ min: 1, max: 300 }),
      system: caches ? fc.option(prefix, { nil: undefined }) : fc.constant(undefined),
      streamed: isText && streaming ? fc.boolean() : fc.constant(false),
      mode: isText ? modeOf(model) : fc.constant<{ tier?: string; latency?: string }>({}),
      guarded: isText ? fc.integer({ max: 3, min: 0 }).map((draw) => draw === 0) : fc.constant(false),
    })
    .map(({ question, conversation, cap, system, streamed, mode, guarded }) =>
      call(streamed ? 'InvokeModelWithResponseStream' : 'InvokeModel', {
        modelId,
        body: JSON.stringify(body(question, cap, system, conversation)),
        ...(guarded ? { guardrailIdentifier: GUARDRAIL, guardrailVersion: '1', trace: 'ENABLED' } : {}),
        ...(mode.tier === undefined ? {} : { serviceTier: mode.tier }),
        ...(mode.latency === undefined ? {} : { performanceConfigLatency: mode.latency }),
      }),
    );
}

/** Calls that the local Bedrock takes, of all four operations and of every request format, on a day. */
export function anyCall(day: string): fc.Arbitrary<RandomCall> {
  const models = listModels().flatMap((model) => callable(model, day));
  const speaking = models.filter(({ model }) => model.kind === 'text' && model.capabilities.converse);
  const families = Object.keys(BODIES).map((dialect) =>
    models.filter(({ model }) => model.dialect === dialect),
  );
  return fc.oneof(
    fc.constantFrom(...speaking).chain(converse),
    // By family first: some have a hundred ids, some have one.
    fc
      .oneof(...families.filter((family) => family.length > 0).map((family) => fc.constantFrom(...family)))
      .chain(invoke),
  );
}
