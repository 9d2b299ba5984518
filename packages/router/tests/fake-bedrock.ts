import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import {
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

export const OPUS = 'us.anthropic.claude-opus-5-5';
export const SONNET = 'us.anthropic.claude-sonnet-5-5';
export const HAIKU = 'us.anthropic.claude-haiku-5-5';
export const TIERS = [
  { name: 'cheap', modelId: HAIKU },
  { name: 'middle', modelId: SONNET },
  { name: 'strong', modelId: OPUS },
] as const;

/** What each model says: a text, the name of an error, or a response made by hand. */
export type Script = Readonly<Record<string, string | { readonly error: string } | FakeResponse>>;

const bytesOf = (text: string): object => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  content: [{ type: 'text', text }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 40, output_tokens: 20 },
});

const anthropicChunks = (text: string): object[] => [
  { type: 'message_start', message: { usage: { input_tokens: 40, output_tokens: 1 } } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  ...text
    .split(/(?<= )/)
    .map((piece) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: piece } })),
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 20 } },
  {
    type: 'message_stop',
    'amazon-bedrock-invocationMetrics': {
      inputTokenCount: 40,
      outputTokenCount: 20,
      invocationLatency: 5,
      firstByteLatency: 2,
    },
  },
];

const USAGE = { inputTokens: 40, outputTokens: 20 };

function answer(request: RecordedRequest, script: Script): FakeResponse {
  const line = script[request.modelId ?? ''] ?? `I am ${request.modelId}.`;
  if (typeof line !== 'string') return 'error' in line ? errorResponse(line.error, 'scripted') : line;
  switch (request.operation) {
    case 'Converse':
      return jsonResponse(converseResponse({ text: line, usage: USAGE }));
    case 'ConverseStream':
      return converseStreamResponse(converseStreamEvents({ text: line, usage: USAGE }));
    case 'InvokeModel':
      return jsonResponse(bytesOf(line), {
        headers: { 'x-amzn-bedrock-input-token-count': '40', 'x-amzn-bedrock-output-token-count': '20' },
      });
    default:
      return invokeStreamResponse(anthropicChunks(line));
  }
}

/** A client whose models answer by a script, and the requests that reached them. */
export function fakeBedrock(script: Script = {}): {
  readonly client: BedrockRuntimeClient;
  readonly handler: FakeRequestHandler;
  /** Model ids in the order in which they were asked. */
  asked(): (string | undefined)[];
} {
  const handler = fakeRequestHandler({ handler: (request) => answer(request, script) });
  const client = new BedrockRuntimeClient(fakeBedrockClientConfig(handler, { maxAttempts: 1 }));
  return { client, handler, asked: () => handler.requests.map(({ modelId }) => modelId) };
}
