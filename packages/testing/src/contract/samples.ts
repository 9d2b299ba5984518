import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { converseResponse, converseStreamEvents } from '../converse-fixtures.js';
import { fakeBedrockClientConfig } from '../fake-bedrock-client-config.js';
import { type FakeRequestHandler, fakeRequestHandler } from '../fake-request-handler.js';
import {
  converseStreamResponse,
  type FakeResponse,
  invokeStreamResponse,
  jsonResponse,
} from '../fake-response.js';
import type { RecordedRequest } from '../recorded-request.js';

/** A model with tools, prompt caching and every section; the cases are about behaviour, not about this model. */
export const SAMPLE_MODEL = 'us.anthropic.claude-opus-4-6-v1';

const LONG_TEXT = 'Returns are free within thirty days of delivery, unused and with all labels. '.repeat(400);

const TOOL = {
  toolSpec: {
    name: 'find_order',
    description: 'Finds an order.',
    inputSchema: { json: { type: 'object', properties: {} } },
  },
} as const;

/** A Converse input that gives every lever something to do: long, uncapped, with tools and a system prompt. */
export const SAMPLE_INPUT: ConverseCommand['input'] = {
  modelId: SAMPLE_MODEL,
  system: [{ text: LONG_TEXT }],
  toolConfig: { tools: [TOOL] },
  messages: [{ role: 'user', content: [{ text: 'When does my order arrive?' }] }],
};

const ANTHROPIC_BODY = {
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 4_000,
  system: LONG_TEXT,
  messages: [{ role: 'user', content: 'When does my order arrive?' }],
};

const ANTHROPIC_ANSWER = {
  content: [{ type: 'text', text: 'On Friday.' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 10, output_tokens: 5 },
};

const ANTHROPIC_CHUNKS = [
  { type: 'message_start', message: { usage: { input_tokens: 10, output_tokens: 1 } } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'On Friday.' } },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } },
  { type: 'message_stop', 'amazon-bedrock-invocationMetrics': { inputTokenCount: 10, outputTokenCount: 5 } },
];

/** One call of each operation. */
export interface SampleCall {
  readonly operation: string;
  send(client: BedrockRuntimeClient): Promise<object>;
}

export const SAMPLE_CALLS: readonly SampleCall[] = [
  { operation: 'Converse', send: (client) => client.send(new ConverseCommand(SAMPLE_INPUT)) },
  { operation: 'ConverseStream', send: (client) => client.send(new ConverseStreamCommand(SAMPLE_INPUT)) },
  {
    operation: 'InvokeModel',
    send: (client) =>
      client.send(new InvokeModelCommand({ modelId: SAMPLE_MODEL, body: JSON.stringify(ANTHROPIC_BODY) })),
  },
  {
    operation: 'InvokeModelWithResponseStream',
    send: (client) =>
      client.send(
        new InvokeModelWithResponseStreamCommand({
          modelId: SAMPLE_MODEL,
          body: JSON.stringify(ANTHROPIC_BODY),
        }),
      ),
  },
];

/** Answers any request in the shape of its operation. */
function sampleAnswer(request: RecordedRequest): FakeResponse {
  switch (request.operation) {
    case 'ConverseStream':
      return converseStreamResponse(converseStreamEvents({ text: 'On Friday.' }));
    case 'InvokeModel':
      return jsonResponse(ANTHROPIC_ANSWER);
    case 'InvokeModelWithResponseStream':
      return invokeStreamResponse(ANTHROPIC_CHUNKS);
    case 'Converse':
      return jsonResponse(converseResponse({ text: 'On Friday.' }));
    default:
      return jsonResponse({ inputTokens: 7 });
  }
}

/** A client over a fake wire that answers everything. */
export function sampleClient(
  answer: (request: RecordedRequest, index: number) => FakeResponse = sampleAnswer,
  config: object = {},
): { readonly client: BedrockRuntimeClient; readonly handler: FakeRequestHandler } {
  const handler = fakeRequestHandler({ handler: answer });
  const client = new BedrockRuntimeClient({ ...fakeBedrockClientConfig(handler), ...config } as never);
  return { client, handler };
}

/** Reads an output to its end, where it is a stream. */
export async function drain(output: object): Promise<unknown[]> {
  const { stream, body } = output as { stream?: AsyncIterable<unknown>; body?: AsyncIterable<unknown> };
  const source = stream ?? (body !== undefined && Symbol.asyncIterator in body ? body : undefined);
  const chunks: unknown[] = [];
  if (source !== undefined) for await (const chunk of source) chunks.push(chunk);
  return chunks;
}

/** What a request says, signature and ids aside. */
export function essence(request: RecordedRequest | undefined): object {
  return {
    path: request?.path,
    method: request?.method,
    json: request?.json,
    tier: request?.headers['x-amzn-bedrock-service-tier'],
  };
}

/** A request as it would be without a prompt cache. */
export function withoutCachePoints(request: object): unknown {
  return JSON.parse(JSON.stringify(request), (name, value: unknown) => {
    if (name === 'cache_control') return undefined;
    return Array.isArray(value)
      ? value.filter((member: { cachePoint?: unknown } | null) => member?.cachePoint === undefined)
      : value;
  });
}

/** Freezes a value to its depths: whoever writes to it throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}
