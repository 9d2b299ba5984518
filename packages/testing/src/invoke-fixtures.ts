import type { FixtureUsage } from './converse-fixtures.js';

/** What an InvokeModel answer is to hold. */
export interface InvokeFixture {
  /** Text of the answer. @defaultValue `"Hello."` */
  readonly text?: string;
  /** @defaultValue `"end_turn"` */
  readonly stopReason?: string;
  /** @defaultValue 10 in, 5 out */
  readonly usage?: FixtureUsage;
  /** Characters per chunk of a stream. @defaultValue `12` */
  readonly chunkLength?: number;
  /** @defaultValue `400` */
  readonly latencyMs?: number;
}

interface Counts {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly cacheWrite: number;
}

function countsOf({ usage = {} }: InvokeFixture): Counts {
  const {
    inputTokens = 10,
    outputTokens = 5,
    cacheReadInputTokens = 0,
    cacheWrite5m = 0,
    cacheWrite1h = 0,
  } = usage;
  return {
    input: inputTokens,
    output: outputTokens,
    cacheRead: cacheReadInputTokens,
    cacheWrite5m,
    cacheWrite1h,
    cacheWrite: cacheWrite5m + cacheWrite1h,
  };
}

/**
 * The headers in which Bedrock reports the tokens of an InvokeModel call; the cache ones only where something
 * was cached, as most models send them.
 *
 * @example
 * ```ts
 * const fixture = { text: 'Paris.', usage: { inputTokens: 12, outputTokens: 3 } };
 * jsonResponse(anthropicResponse(fixture), { headers: tokenCountHeaders(fixture) })
 * ```
 */
export function tokenCountHeaders(fixture: InvokeFixture = {}): Record<string, string> {
  const { input, output, cacheRead, cacheWrite } = countsOf(fixture);
  return {
    'x-amzn-bedrock-invocation-latency': String(fixture.latencyMs ?? 400),
    'x-amzn-bedrock-input-token-count': String(input),
    'x-amzn-bedrock-output-token-count': String(output),
    ...(cacheRead + cacheWrite > 0
      ? {
          'x-amzn-bedrock-cache-read-input-token-count': String(cacheRead),
          'x-amzn-bedrock-cache-write-input-token-count': String(cacheWrite),
        }
      : {}),
  };
}

function anthropicUsage({
  input,
  output,
  cacheRead,
  cacheWrite,
  cacheWrite5m,
  cacheWrite1h,
}: Counts): object {
  return {
    input_tokens: input,
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: cacheWrite5m, ephemeral_1h_input_tokens: cacheWrite1h },
    output_tokens: output,
  };
}

const anthropicMessage = (
  fixture: InvokeFixture,
  content: readonly object[],
  usage: object,
): Record<string, unknown> => ({
  model: 'claude-haiku-4-5-20251001',
  id: 'msg_bdrk_01FakeMessage',
  type: 'message',
  role: 'assistant',
  content,
  stop_reason: content.length === 0 ? null : (fixture.stopReason ?? 'end_turn'),
  stop_sequence: null,
  usage,
});

/** The body of an InvokeModel answer of a Claude model. */
export function anthropicResponse(fixture: InvokeFixture = {}): Record<string, unknown> {
  return anthropicMessage(
    fixture,
    [{ type: 'text', text: fixture.text ?? 'Hello.' }],
    anthropicUsage(countsOf(fixture)),
  );
}

/** What the last chunk of a stream carries, whatever the provider. */
function invocationMetrics(fixture: InvokeFixture): Record<string, number> {
  const { input, output, cacheRead, cacheWrite } = countsOf(fixture);
  return {
    inputTokenCount: input,
    outputTokenCount: output,
    invocationLatency: fixture.latencyMs ?? 400,
    firstByteLatency: Math.round((fixture.latencyMs ?? 400) / 2),
    ...(cacheRead + cacheWrite > 0
      ? { cacheReadInputTokenCount: cacheRead, cacheWriteInputTokenCount: cacheWrite }
      : {}),
  };
}

function chunksOf(fixture: InvokeFixture): string[] {
  const characters = [...(fixture.text ?? 'Hello.')];
  const length = fixture.chunkLength ?? 12;
  const count = Math.ceil(characters.length / length);
  return Array.from({ length: count }, (_, index) =>
    characters.slice(index * length, (index + 1) * length).join(''),
  );
}

/**
 * The chunks of an InvokeModelWithResponseStream of a Claude model: input and cache tokens come first, output
 * tokens last, and the service's own metrics inside `message_stop`.
 *
 * @example
 * ```ts
 * invokeStreamResponse(anthropicStreamChunks({ text: 'A long answer in several chunks.' }))
 * ```
 */
export function anthropicStreamChunks(fixture: InvokeFixture = {}): object[] {
  const counts = countsOf(fixture);
  return [
    {
      type: 'message_start',
      message: anthropicMessage(fixture, [], anthropicUsage({ ...counts, output: 1 })),
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...chunksOf(fixture).map((text) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text },
    })),
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: fixture.stopReason ?? 'end_turn', stop_sequence: null },
      usage: { output_tokens: counts.output },
    },
    { type: 'message_stop', 'amazon-bedrock-invocationMetrics': invocationMetrics(fixture) },
  ];
}

/** The body of an InvokeModel answer of a Nova model. */
export function novaResponse(fixture: InvokeFixture = {}): Record<string, unknown> {
  const { input, output, cacheRead, cacheWrite } = countsOf(fixture);
  return {
    output: { message: { content: [{ text: fixture.text ?? 'Hello.' }], role: 'assistant' } },
    stopReason: fixture.stopReason ?? 'end_turn',
    usage: {
      inputTokens: input,
      outputTokens: output,
      totalTokens: input + output + cacheRead + cacheWrite,
      cacheReadInputTokenCount: cacheRead,
      cacheWriteInputTokenCount: cacheWrite,
    },
  };
}

/** The chunks of an InvokeModelWithResponseStream of a Nova model; its usage has no `totalTokens`. */
export function novaStreamChunks(fixture: InvokeFixture = {}): object[] {
  const { input, output, cacheRead, cacheWrite } = countsOf(fixture);
  return [
    { messageStart: { role: 'assistant' } },
    ...chunksOf(fixture).map((text) => ({ contentBlockDelta: { delta: { text }, contentBlockIndex: 0 } })),
    { contentBlockStop: { contentBlockIndex: 0 } },
    { messageStop: { stopReason: fixture.stopReason ?? 'end_turn' } },
    {
      metadata: {
        usage: {
          inputTokens: input,
          outputTokens: output,
          cacheReadInputTokenCount: cacheRead,
          cacheWriteInputTokenCount: cacheWrite,
        },
        metrics: {},
        trace: {},
      },
      'amazon-bedrock-invocationMetrics': invocationMetrics(fixture),
    },
  ];
}
