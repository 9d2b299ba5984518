import { viewRequest } from '@costkit/core/views';
import { describe, expect, it } from 'vitest';
import { writeInput, writeView } from './write-record.js';

const MODEL = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const HI = { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] };
const written = (input: object): unknown =>
  JSON.parse(writeInput(input as never, MODEL).modelInput ?? 'null');

describe('writeInput', () => {
  it('writes a Converse input without what a file has no place for', () => {
    const { modelInput = '' } = writeInput(
      {
        ...HI,
        modelId: 'another',
        system: [{ text: 'Be\nbrief.' }, { cachePoint: { type: 'default' } }],
        inferenceConfig: { maxTokens: 20 },
        serviceTier: { type: 'flex' },
        requestMetadata: { team: 'care' },
      },
      MODEL,
    );
    expect(modelInput).not.toContain('\n');
    expect(JSON.parse(modelInput)).toEqual({
      ...HI,
      system: [{ text: 'Be\nbrief.' }],
      inferenceConfig: { maxTokens: 20 },
    });
  });

  it('writes plain text as the slow way would', () => {
    for (const input of [HI, { ...HI, modelId: 'x' }, { ...HI, system: [{ text: 'Be brief.' }] }]) {
      const view = viewRequest('Converse', { ...input, modelId: MODEL });
      expect(written(input)).toEqual(JSON.parse(writeView(view).modelInput ?? 'null'));
    }
  });

  it('writes bytes as base64, of any kind of byte array', () => {
    for (const bytes of [new Uint8Array([1, 2, 3]), Buffer.from([1, 2, 3])]) {
      const content = [{ image: { format: 'png', source: { bytes } } }, { text: 'Hi' }];
      expect(JSON.stringify(written({ messages: [{ role: 'user', content }] }))).toContain('"bytes":"AQID"');
    }
  });

  it.each([
    ['tools', { ...HI, toolConfig: { tools: [{ toolSpec: { name: 'x', inputSchema: { json: {} } } }] } }],
    ['structured output', { ...HI, outputConfig: { textFormat: { type: 'json_schema' } } }],
    ['guardrails', { ...HI, guardrailConfig: { guardrailIdentifier: 'x', guardrailVersion: '1' } }],
    // Caps that nobody would read: of an InvokeModel body, and out of their place.
    ['"max_tokens"', { ...HI, max_tokens: 100 }],
    ['"inferenceConfig.max_new_tokens"', { ...HI, inferenceConfig: { max_new_tokens: 100 } }],
    ['"maxTokens"', { messages: [{ role: 'user', content: [{ image: {} }] }], maxTokens: 100 }],
    ['messages', { messages: [] }],
    ['messages', {}],
    ['', { messages: [null] }],
    ['', { messages: 'Hi' }],
    ['', { messages: [{ role: 'user', content: 'Hi' }] }],
  ])('refuses without or with %s', (reason, input) => {
    const { refusal } = writeInput(input as never, MODEL);
    expect(refusal).toContain(reason);
  });
});

describe('writeView', () => {
  it('writes an InvokeModel body as it is, on one line, without cache points', () => {
    const body = {
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 9,
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      messages: [{ role: 'user', content: 'Hi' }],
    };
    const view = viewRequest('InvokeModel', { modelId: MODEL, body: JSON.stringify(body, undefined, 2) });
    const { modelInput = '' } = writeView(view);
    expect(modelInput).not.toContain('\n');
    expect(JSON.parse(modelInput)).toEqual({ ...body, system: [{ type: 'text', text: 'Be brief.' }] });
  });

  it('refuses streams and formats that nobody knows', () => {
    const streaming = viewRequest('ConverseStream', { modelId: MODEL, messages: [] });
    const unknown = viewRequest('InvokeModel', { modelId: 'acme.unheard-of', body: '{}' });
    expect(writeView(streaming).refusal).toContain('stream');
    expect(writeView(unknown).refusal).toContain('format');
  });
});
