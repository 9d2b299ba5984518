import { viewRequest } from '@costkit/core/views';
import { describe, expect, it } from 'vitest';
import { writeRecord } from './write-record.js';

const MODEL = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const converse = (more: object = {}) =>
  viewRequest('Converse', {
    modelId: MODEL,
    messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
    ...more,
  });
const lineOf = (view: ReturnType<typeof viewRequest>): Record<string, unknown> =>
  JSON.parse(writeRecord('one', view).line) as Record<string, unknown>;

describe('writeRecord', () => {
  it('writes a Converse input without what a file has no place for', () => {
    const view = converse({
      system: [{ text: 'Be brief.' }, { cachePoint: { type: 'default' } }],
      inferenceConfig: { maxTokens: 20 },
      serviceTier: { type: 'flex' },
      requestMetadata: { team: 'care' },
    });
    const { line, removedCachePoints } = writeRecord('one', view);
    expect(line.endsWith('\n')).toBe(true);
    expect(line.slice(0, -1)).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({
      recordId: 'one',
      modelInput: {
        messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
        system: [{ text: 'Be brief.' }],
        inferenceConfig: { maxTokens: 20 },
      },
    });
    expect(removedCachePoints).toBe(1);
  });

  it('writes bytes as base64, of any kind of byte array', () => {
    const image = (bytes: Uint8Array) => ({
      messages: [
        { role: 'user', content: [{ image: { format: 'png', source: { bytes } } }, { text: 'Hi' }] },
      ],
    });
    for (const bytes of [new Uint8Array([1, 2, 3]), Buffer.from([1, 2, 3])]) {
      expect(JSON.stringify(lineOf(converse(image(bytes))))).toContain('"bytes":"AQID"');
    }
  });

  it('writes an InvokeModel body as it is, without cache points', () => {
    const body = {
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 9,
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      messages: [{ role: 'user', content: 'Hi' }],
    };
    const view = viewRequest('InvokeModel', { modelId: MODEL, body: JSON.stringify(body) });
    expect(lineOf(view)['modelInput']).toEqual({ ...body, system: [{ type: 'text', text: 'Be brief.' }] });
  });

  it.each([
    ['tools', { toolConfig: { tools: [{ toolSpec: { name: 'x', inputSchema: { json: {} } } }] } }],
    ['structured output', { outputConfig: { textFormat: { type: 'json_schema' } } }],
    ['guardrails', { guardrailConfig: { guardrailIdentifier: 'x', guardrailVersion: '1' } }],
    ['no messages', { messages: [] }],
  ])('refuses %s', (_, more) => {
    expect(() => writeRecord('one', converse(more))).toThrow(
      expect.objectContaining({
        code: 'COSTKIT_BATCH_RECORD_INVALID',
        message: expect.stringContaining('"one"'),
      }),
    );
  });

  it('refuses streams, formats that nobody knows, and a record without an id', () => {
    const streaming = viewRequest('ConverseStream', { modelId: MODEL, messages: [] });
    const unknown = viewRequest('InvokeModel', { modelId: 'acme.unheard-of', body: '{}' });
    for (const [id, view] of [
      ['one', streaming],
      ['one', unknown],
      ['', converse()],
    ] as const) {
      expect(() => writeRecord(id, view)).toThrow(
        expect.objectContaining({ code: 'COSTKIT_BATCH_RECORD_INVALID' }),
      );
    }
  });
});
