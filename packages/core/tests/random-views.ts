import fc from 'fast-check';
import type { InferenceOperation, RequestView } from '../src/index.js';
import { viewRequest } from '../src/views.js';

type Json = Record<string, unknown>;

const text = fc.constantFrom('Hi', 'Where is my parcel?', ' ', 'Größe', '{"a": 1}');
const ttl = fc.constantFrom(undefined, '5m' as const, '1h' as const);
const bytes = new Uint8Array([1, 2, 3]);
const json = { type: 'object', properties: { query: { type: 'string' } } };

/** A block behind which the caller may have set a point, as the format writes it. */
const pointed = (
  block: fc.Arbitrary<Json>,
  write: (block: Json, ttl: string | undefined) => Json[],
): fc.Arbitrary<Json[]> =>
  fc
    .tuple(block, fc.option(ttl, { nil: null, freq: 3 }))
    .map(([one, point]) => (point === null ? [one] : write(one, point)));

const lists = (block: fc.Arbitrary<Json[]>, least: number): fc.Arbitrary<Json[]> =>
  fc.array(block, { minLength: least, maxLength: 4 }).map((blocks) => blocks.flat());

const messagesOf = (content: fc.Arbitrary<unknown>): fc.Arbitrary<Json[]> =>
  fc
    .array(content, { minLength: 1, maxLength: 5 })
    .map((contents) =>
      contents.map((one, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content: one })),
    );

const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const withoutAbsent = (body: Json): Json =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));

const converseBlock = fc.oneof(
  text.map((one): Json => ({ text: one })),
  fc.constantFrom<Json>(
    { image: { format: 'png', source: { bytes } } },
    { document: { format: 'pdf', name: 'file', source: { bytes } } },
    { toolUse: { toolUseId: 'one', name: 'search', input: { query: 'x' } } },
    { toolResult: { toolUseId: 'one', content: [{ text: 'found' }] } },
    { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'c2ln' } } },
    { guardContent: { text: { text: 'guarded' } } },
    { somethingNew: { since: 2027 } },
  ),
);
const converse = (block: fc.Arbitrary<Json>): fc.Arbitrary<Json[]> =>
  pointed(block, (one, point) => [
    one,
    { cachePoint: { type: 'default', ...(point === undefined ? {} : { ttl: point }) } },
  ]);

const converseInput: fc.Arbitrary<Json> = fc
  .record({
    toolConfig: optional(
      lists(converse(fc.constant({ toolSpec: { name: 'search', inputSchema: { json } } })), 1),
    ),
    system: optional(lists(converse(text.map((one) => ({ text: one }))), 0)),
    messages: messagesOf(lists(converse(converseBlock), 1)),
    inferenceConfig: optional(fc.constant({ maxTokens: 100, temperature: 0.5 })),
    requestMetadata: optional(fc.constant({ team: 'care' })),
    serviceTier: optional(fc.constant({ type: 'flex' })),
    somethingNew: optional(fc.constant({ since: 2027 })),
  })
  .map(({ toolConfig, ...rest }) =>
    withoutAbsent({
      modelId: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
      toolConfig: toolConfig === undefined ? undefined : { tools: toolConfig, toolChoice: { auto: {} } },
      ...rest,
    }),
  );

const anthropicPoint = (block: fc.Arbitrary<Json>): fc.Arbitrary<Json[]> =>
  pointed(block, (one, point) => [
    { ...one, cache_control: { type: 'ephemeral', ...(point === undefined ? {} : { ttl: point }) } },
  ]);
const anthropicText = text.map((one): Json => ({ type: 'text', text: one }));
const anthropicBlock = fc.oneof(
  anthropicText,
  fc.constantFrom<Json>(
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AQID' } },
    { type: 'tool_use', id: 'one', name: 'search', input: { query: 'x' } },
    { type: 'tool_result', tool_use_id: 'one', content: [{ type: 'text', text: 'found' }] },
    { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
    { type: 'something_new' },
  ),
);
const anthropicBody: fc.Arbitrary<Json> = fc
  .record({
    tools: optional(lists(anthropicPoint(fc.constant({ name: 'search', input_schema: json })), 1)),
    system: optional(fc.oneof(text, lists(anthropicPoint(anthropicText), 1))),
    messages: messagesOf(fc.oneof(text, lists(anthropicPoint(anthropicBlock), 1))),
    thinking: optional(fc.constant({ type: 'adaptive' })),
    somethingNew: optional(fc.constant({ since: 2027 })),
  })
  .map((body) => withoutAbsent({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 100, ...body }));

const novaText = text.map((one): Json => ({ text: one }));
const novaPoint = (block: fc.Arbitrary<Json>): fc.Arbitrary<Json[]> =>
  pointed(block, (one) => [{ ...one, cachePoint: { type: 'default' } }]);
const novaBody: fc.Arbitrary<Json> = fc
  .record({
    toolConfig: optional(fc.constant({ tools: [{ toolSpec: { name: 'search', inputSchema: { json } } }] })),
    system: optional(lists(novaPoint(novaText), 1)),
    messages: messagesOf(
      lists(
        fc.oneof(
          novaPoint(novaText),
          fc.constantFrom<Json[]>(
            [{ image: { format: 'png', source: { bytes: 'AQID' } } }],
            [{ toolUse: { toolUseId: 'one', name: 'search', input: {} } }],
            [{ toolResult: { toolUseId: 'one', content: [{ text: 'found' }] } }],
          ),
        ),
        1,
      ),
    ),
    inferenceConfig: optional(fc.constant({ maxTokens: 100, topK: 5 })),
    somethingNew: optional(fc.constant({ since: 2027 })),
  })
  .map((body) => withoutAbsent({ schemaVersion: 'messages-v1', ...body }));

/** A request of one of the formats that hold cache points. */
export interface RandomRequest {
  readonly format: 'Converse' | 'Anthropic' | 'Nova';
  readonly operation: InferenceOperation;
  readonly input: object;
}

const bodyInput = (modelId: string, body: Json): object => ({
  modelId,
  body: JSON.stringify(body),
  contentType: 'application/json',
});

/** Requests as callers write them: some with points of their own, some with members that nobody knows yet. */
export const anyRequest: fc.Arbitrary<RandomRequest> = fc.oneof(
  converseInput.map((input): RandomRequest => ({ format: 'Converse', operation: 'Converse', input })),
  anthropicBody.map(
    (body): RandomRequest => ({
      format: 'Anthropic',
      operation: 'InvokeModel',
      input: bodyInput('us.anthropic.claude-haiku-4-5-20251001-v1:0', body),
    }),
  ),
  novaBody.map(
    (body): RandomRequest => ({
      format: 'Nova',
      operation: 'InvokeModel',
      input: bodyInput('us.amazon.nova-lite-v1:0', body),
    }),
  ),
);

/** Points as a lever might ask for them: also twice behind one block, and behind blocks that there are not. */
export const anyPoints = fc.array(
  fc
    .record({ afterBlock: fc.integer({ min: -1, max: 25 }), ttl })
    .map(({ afterBlock, ttl: life }) => ({ afterBlock, ...(life === undefined ? {} : { ttl: life }) })),
  { maxLength: 6 },
);

/** The content of a request, in one form whatever the body is: bytes and text of equal JSON are equal. */
export function contentOf(view: RequestView): unknown {
  const { body, ...rest } = view.input as { body?: string | Uint8Array };
  return body === undefined
    ? view.input
    : { ...rest, body: JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body)) };
}

/** The same without cache points, and with plain text as the one block that it stands for. */
export function withoutPoints(view: RequestView): unknown {
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value
        .filter(
          (one) => (one as Json | null)?.['cachePoint'] === undefined || Object.keys(one as Json).length > 1,
        )
        .map(plain);
    }
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
    return Object.fromEntries(
      Object.entries(value as Json)
        .filter(([name]) => name !== 'cache_control' && name !== 'cachePoint')
        .map(([name, member]) => [
          name,
          (name === 'content' || name === 'system') && typeof member === 'string'
            ? [{ type: 'text', text: member }]
            : plain(member),
        ]),
    );
  };
  return plain(contentOf(view));
}

/** Reads what a view would send anew, from its input alone. */
export const reread = (view: RequestView): RequestView => viewRequest(view.operation, view.input);
