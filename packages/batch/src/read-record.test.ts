import { viewRequest } from '@costkit/core/views';
import { describe, expect, it } from 'vitest';
import { readRecord } from './read-record.js';

const converse = viewRequest('Converse', {
  modelId: 'us.amazon.nova-2-lite-v1:0',
  messages: [{ role: 'user', content: [{ text: 'Where is Paris?' }] }],
});

describe('readRecord', () => {
  it('reads absent members, which files hold as null, as the SDK would: not at all', () => {
    const { output, usage, quality, stopReason } = readRecord(converse, {
      output: {
        message: {
          role: 'assistant',
          content: [
            { text: 'In France.', image: null, toolUse: null, reasoningContent: null },
            { toolUse: { toolUseId: 'one', name: 'x', input: { optional: null } }, text: null },
            { reasoningContent: { redactedContent: 'AQID' } },
          ],
        },
      },
      stopReason: 'end_turn',
      usage: { inputTokens: 9, outputTokens: 4, totalTokens: 13, cacheReadInputTokens: null },
      trace: null,
    });
    expect(output).toEqual({
      output: {
        message: {
          role: 'assistant',
          content: [
            { text: 'In France.' },
            // What the model wrote stays as it wrote it.
            { toolUse: { toolUseId: 'one', name: 'x', input: { optional: null } } },
            { reasoningContent: { redactedContent: new Uint8Array([1, 2, 3]) } },
          ],
        },
      },
      stopReason: 'end_turn',
      usage: { inputTokens: 9, outputTokens: 4, totalTokens: 13 },
      $metadata: {},
    });
    expect(usage).toMatchObject({ input: 9, output: 4 });
    expect([quality, stopReason]).toEqual(['measured', 'end_turn']);
  });

  it('hands out InvokeModel bodies as bytes that can say themselves as text', () => {
    const view = viewRequest('InvokeModel', {
      modelId: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
      body: JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 9, messages: [] }),
    });
    const body = {
      content: [{ type: 'text', text: 'Hi', citations: null }],
      usage: { input_tokens: 3, output_tokens: 1 },
    };
    const { output, usage } = readRecord(view, body);
    const { body: bytes } = output as { body: { transformToString(): string } };
    expect(JSON.parse(bytes.transformToString())).toEqual(body);
    expect(usage).toMatchObject({ input: 3, output: 1 });
  });

  it('estimates what a format does not count, and never takes it for nothing', () => {
    const view = viewRequest('InvokeModel', {
      modelId: 'mistral.mistral-large-2402-v1:0',
      body: JSON.stringify({ prompt: 'Where is Paris, and what is it known for?' }),
    });
    const { usage, quality } = readRecord(view, {
      outputs: [{ text: 'Paris is in France, and known for its tower.', stop_reason: 'stop' }],
    });
    expect(quality).toBe('estimated');
    expect(usage.input).toBeGreaterThan(5);
    expect(usage.output).toBeGreaterThan(5);
  });
});
