import { type CatalogueModel, listModels } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { readWhole, streamReader } from './reading.js';
import { viewRequest } from './view-request.js';

const CLAUDE = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const GROSS = listModels().find(({ usageSemantics }) => usageSemantics === 'gross') as CatalogueModel;
const MISTRAL = 'mistral.mistral-large-2402-v1:0';

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const invoke = (modelId: string, body: object) =>
  viewRequest('InvokeModel', { modelId, body: JSON.stringify(body) });
const stream = (modelId: string, body: object) =>
  viewRequest('InvokeModelWithResponseStream', { modelId, body: JSON.stringify(body) });
const chunk = (value: unknown) => ({ chunk: { bytes: bytes(value) } });

const ANTHROPIC = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 9, messages: [] };
const CHAT = { messages: [{ role: 'user', content: 'Hi' }] };

describe('readWhole', () => {
  it('reads from Converse what was served: tier, latency mode and the model that a router chose', () => {
    const view = viewRequest('Converse', { modelId: CLAUDE, messages: [] });
    const reading = readWhole(
      view,
      {
        output: {
          output: { message: { role: 'assistant', content: [{ text: 'Hi' }] } },
          stopReason: 'end_turn',
          usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
          serviceTier: { type: 'flex' },
          performanceConfig: { latency: 'optimized' },
          trace: { promptRouter: { invokedModelId: 'arn:router-chose' } },
        },
      },
      undefined,
    );
    expect(reading).toMatchObject({
      tier: 'flex',
      latencyMode: 'optimized',
      invokedModelId: 'arn:router-chose',
      stopReason: 'end_turn',
      complete: true,
      usage: { usage: { input: 1, output: 2 }, certain: true },
    });
  });

  it('is not complete without usage', () => {
    const view = viewRequest('Converse', { modelId: CLAUDE, messages: [] });
    expect(readWhole(view, { output: {} }, undefined)).toEqual({ text: '', complete: false, toolUses: [] });
  });

  it.each([
    [
      'with all headers',
      { 'x-amzn-bedrock-output-token-count': '4', 'x-amzn-bedrock-cache-read-input-token-count': '3' },
      { input: 9, output: 4, cacheRead: 3 },
    ],
    ['with the input header alone', {}, { input: 9, output: 0, cacheRead: 0 }],
    [
      'with a header that is no number',
      { 'x-amzn-bedrock-output-token-count': 'many' },
      { input: 9, output: 0 },
    ],
  ])('counts by headers where the body does not, %s', (_, headers, expected) => {
    const view = invoke(MISTRAL, { prompt: 'Hi' });
    const reading = readWhole(
      view,
      {
        output: {
          body: bytes({ outputs: [{ text: 'Hello', stop_reason: 'stop' }] }),
          serviceTier: 'priority',
        },
        response: { headers: { 'x-amzn-bedrock-input-token-count': '9', ...headers } },
      },
      undefined,
    );
    expect(reading.usage?.usage).toMatchObject(expected);
    expect(reading).toMatchObject({ text: 'Hello', tier: 'priority', complete: true });
  });

  it('prefers the body, which alone splits writes by time to live', () => {
    const reading = readWhole(
      invoke(CLAUDE, ANTHROPIC),
      {
        output: {
          body: bytes({
            content: [],
            usage: {
              input_tokens: 5,
              output_tokens: 2,
              cache_creation_input_tokens: 30,
              cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 30 },
            },
          }),
        },
        response: {
          headers: {
            'x-amzn-bedrock-input-token-count': '5',
            'x-amzn-bedrock-cache-write-input-token-count': '30',
          },
        },
      },
      undefined,
    );
    expect(reading.usage?.usage).toMatchObject({ cacheWrite1h: 30, cacheWrite5m: 0 });
  });

  it('meters a body that no view knows by its headers', () => {
    const view = invoke('acme.unheard-of-v1', { whatever: true });
    const reading = readWhole(
      view,
      {
        output: { body: bytes({ what: 'ever' }) },
        response: {
          headers: { 'x-amzn-bedrock-input-token-count': '9', 'x-amzn-bedrock-output-token-count': '4' },
        },
      },
      undefined,
    );
    expect(reading).toMatchObject({ text: '', complete: true, usage: { usage: { input: 9, output: 4 } } });
  });
});

describe('streamReader', () => {
  it('keeps the sum over the iterations of a compacted conversation, which totals may leave out', () => {
    const reader = streamReader(invoke(CLAUDE, ANTHROPIC), { output: {} }, undefined);
    const iterations = [
      { input_tokens: 180, output_tokens: 30 },
      { input_tokens: 23, output_tokens: 7 },
    ];
    for (const chunk of [
      { type: 'message_start', message: { usage: { input_tokens: 23, output_tokens: 1 } } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 7, iterations } },
      {
        type: 'message_stop',
        'amazon-bedrock-invocationMetrics': { inputTokenCount: 23, outputTokenCount: 7 },
      },
    ])
      reader.onChunk({ chunk: { bytes: bytes(chunk) } });
    expect(reader.reading()).toMatchObject({
      complete: true,
      usage: { certain: true, usage: { input: 203, output: 37 } },
    });
  });

  it('is complete at the metadata event of ConverseStream, whose word on the tier is the last', () => {
    const view = viewRequest('ConverseStream', { modelId: CLAUDE, messages: [] });
    const reader = streamReader(view, { output: { serviceTier: { type: 'priority' } } }, undefined);
    reader.onChunk({ contentBlockDelta: { delta: { text: 'Hi' } } });
    reader.onChunk({ messageStop: { stopReason: 'end_turn' } });
    expect(reader.reading()).toMatchObject({
      text: 'Hi',
      complete: false,
      tier: 'priority',
      stopReason: 'end_turn',
    });
    reader.onChunk({
      metadata: { usage: { inputTokens: 1, outputTokens: 2 }, serviceTier: { type: 'default' } },
    });
    expect(reader.reading()).toMatchObject({
      complete: true,
      tier: 'default',
      usage: { usage: { output: 2 } },
    });
  });

  it('stays incomplete when the metadata has no usage', () => {
    const view = viewRequest('ConverseStream', { modelId: CLAUDE, messages: [] });
    const reader = streamReader(view, { output: {} }, undefined);
    reader.onChunk({ metadata: { metrics: { latencyMs: 3 } } });
    expect(reader.reading()).toEqual({ text: '', complete: false });
  });

  it('takes the metrics for formats that count nothing', () => {
    const reader = streamReader(stream(MISTRAL, { prompt: 'Hi' }), { output: {} }, undefined);
    reader.onChunk(chunk({ outputs: [{ text: 'Hello', stop_reason: null }] }));
    reader.onChunk(
      chunk({
        outputs: [{ text: '', stop_reason: 'stop' }],
        'amazon-bedrock-invocationMetrics': { inputTokenCount: 9, outputTokenCount: 4 },
      }),
    );
    expect(reader.reading()).toMatchObject({
      complete: true,
      usage: { usage: { input: 9, output: 4 }, certain: true },
    });
  });

  it.each([
    ['inclusive too', 1000, 700],
    ['net', 700, 700],
  ])('reads metrics that are %s beside an inclusive body of a gross family', (_, inputTokenCount, input) => {
    const reader = streamReader(stream(GROSS.id, CHAT), { output: {} }, GROSS);
    reader.onChunk(
      chunk({
        choices: [{ delta: {}, finish_reason: 'stop' }],
        usage: {
          prompt_tokens: 1000,
          completion_tokens: 20,
          total_tokens: 1020,
          prompt_tokens_details: { cached_tokens: 300 },
        },
        'amazon-bedrock-invocationMetrics': { inputTokenCount, outputTokenCount: 20 },
      }),
    );
    expect(reader.reading().usage).toMatchObject({
      usage: { input, output: 20, cacheRead: 300 },
      certain: true,
    });
  });

  it('skips chunks that are no JSON', () => {
    const reader = streamReader(stream(MISTRAL, { prompt: 'Hi' }), { output: {} }, undefined);
    reader.onChunk({ chunk: { bytes: new TextEncoder().encode('not json') } });
    reader.onChunk({ chunk: {} });
    reader.onChunk({});
    expect(reader.reading()).toEqual({ text: '', complete: false });
  });
});
