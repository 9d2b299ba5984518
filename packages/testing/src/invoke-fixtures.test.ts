import { describe, expect, it } from 'vitest';
import {
  anthropicResponse,
  anthropicStreamChunks,
  novaResponse,
  novaStreamChunks,
  tokenCountHeaders,
} from './invoke-fixtures.js';

const usage = {
  inputTokens: 12,
  outputTokens: 7,
  cacheReadInputTokens: 100,
  cacheWrite5m: 10,
  cacheWrite1h: 20,
};
const metrics = 'amazon-bedrock-invocationMetrics';

describe('tokenCountHeaders', () => {
  it('reports the cache only when something was cached', () => {
    expect(Object.keys(tokenCountHeaders())).toEqual([
      'x-amzn-bedrock-invocation-latency',
      'x-amzn-bedrock-input-token-count',
      'x-amzn-bedrock-output-token-count',
    ]);
    expect(tokenCountHeaders({ usage })).toMatchObject({
      'x-amzn-bedrock-input-token-count': '12',
      'x-amzn-bedrock-cache-read-input-token-count': '100',
      'x-amzn-bedrock-cache-write-input-token-count': '30',
    });
  });
});

describe('anthropicResponse', () => {
  it('splits cache writes by their time to live', () => {
    expect(anthropicResponse({ text: 'Paris.', usage })).toMatchObject({
      type: 'message',
      content: [{ type: 'text', text: 'Paris.' }],
      stop_reason: 'end_turn',
      usage: {
        input_tokens: 12,
        output_tokens: 7,
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 30,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      },
    });
  });
});

describe('anthropicStreamChunks', () => {
  it('reports input first, output last, and the metrics of the service at the end', () => {
    const chunks = anthropicStreamChunks({ text: 'x'.repeat(30), usage }) as Record<string, unknown>[];
    expect(chunks.map(({ type }) => type)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(chunks[0]).toMatchObject({
      message: { content: [], usage: { input_tokens: 12, output_tokens: 1 } },
    });
    expect(chunks.at(-2)).toMatchObject({ usage: { output_tokens: 7 } });
    expect(chunks.at(-1)?.[metrics]).toMatchObject({
      inputTokenCount: 12,
      outputTokenCount: 7,
      cacheReadInputTokenCount: 100,
    });
  });
});

describe('novaResponse', () => {
  it('totals all tokens, and the stream does not', () => {
    expect(novaResponse({ usage })).toMatchObject({ usage: { inputTokens: 12, totalTokens: 149 } });
    const last = novaStreamChunks({ usage }).at(-1) as { metadata: { usage: object } };
    expect(last.metadata.usage).not.toHaveProperty('totalTokens');
    expect(last).toHaveProperty(metrics);
  });

  it('streams the whole text', () => {
    const chunks = novaStreamChunks({ text: 'A long answer in several chunks.' }) as {
      contentBlockDelta?: { delta: { text: string } };
    }[];
    expect(chunks.map((chunk) => chunk.contentBlockDelta?.delta.text ?? '').join('')).toBe(
      'A long answer in several chunks.',
    );
  });
});
