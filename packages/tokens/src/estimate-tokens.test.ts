import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { createCalibration } from './calibration.js';
import { estimateText } from './estimate-text.js';
import { estimateTokens } from './estimate-tokens.js';
import { TOKENIZER_FAMILIES } from './tokenizer-families.js';
import type { ConverseLikeRequest, TokenEstimate } from './types.js';

const O200K = 'openai.gpt-oss-120b-1:0';
const CLAUDE = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const NEW_CLAUDE = 'us.anthropic.claude-opus-5-5';
const PROSE =
  'The warranty covers defects in materials and workmanship for two years from the date of purchase. ';

const textTokens = ({ parts }: TokenEstimate): number =>
  parts.words + parts.signs + parts.cjk + parts.scripts;

/** The text tokens that blocks in one user message add. */
const inMessage = (...content: object[]): TokenEstimate =>
  estimateTokens({ messages: [{ role: 'user', content }] }, { model: CLAUDE });

function png(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(33);
  bytes.write('89504e470d0a1a0a0000000d49484452', 'hex');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

describe('estimateTokens', () => {
  it('counts an empty text and an empty request as nothing', () => {
    expect(estimateTokens('', { model: CLAUDE })).toMatchObject({ tokens: 0, low: 0, high: 0, unknown: [] });
    expect(estimateTokens({}, { model: CLAUDE })).toMatchObject({ tokens: 0, low: 0, high: 0 });
    expect(estimateTokens({ blocks: [] }, { model: CLAUDE })).toMatchObject({ tokens: 0, low: 0, high: 0 });
  });

  it('gives whole numbers in order', () => {
    const estimate = estimateTokens(PROSE.repeat(9), { model: CLAUDE });
    for (const value of [estimate.tokens, estimate.low, estimate.high])
      expect(Number.isInteger(value)).toBe(true);
    expect(estimate.low).toBeLessThan(estimate.tokens);
    expect(estimate.tokens).toBeLessThan(estimate.high);
    expect(estimate.method).toBe('estimated');
  });

  it('translates a text into the tokens of the model', () => {
    const base = estimateText(PROSE);
    expect(estimateTokens(PROSE, { model: O200K }).tokens).toBe(Math.round(base));
    const claude = estimateTokens(PROSE, { model: CLAUDE }).tokens;
    const newClaude = estimateTokens(PROSE, { model: NEW_CLAUDE }).tokens;
    expect(claude / base).toBeCloseTo(TOKENIZER_FAMILIES.claude.words.factor, 1);
    expect(newClaude / base).toBeCloseTo(TOKENIZER_FAMILIES.claudeSince47.words.factor, 1);
  });

  it('gives an unknown model the widest range, and no error', () => {
    const width = (model: string): number => {
      const { low, high } = estimateTokens(PROSE.repeat(20), { model });
      return high / low;
    };
    expect(width('no.such-model')).toBeGreaterThan(width(NEW_CLAUDE));
    expect(width(NEW_CLAUDE)).toBeGreaterThan(width(CLAUDE));
    expect(width(CLAUDE)).toBeGreaterThan(width(O200K));
  });

  it('is relatively surer of a long text than of a short one', () => {
    const width = (text: string): number => {
      const { low, high } = estimateTokens(text, { model: O200K });
      return high / low;
    };
    expect(width(PROSE)).toBeGreaterThan(width(PROSE.repeat(100)));
  });

  it('adds what stands around a request, its messages and its tools', () => {
    const message = { role: 'user', content: [{ text: 'Hello' }] };
    const one = estimateTokens({ messages: [message] }, { model: CLAUDE });
    const two = estimateTokens({ messages: [message, message] }, { model: CLAUDE });
    expect(one.parts).toMatchObject({ requests: 1, messages: 1, toolPrompts: 0 });
    expect(two.parts).toMatchObject({ requests: 1, messages: 2, toolPrompts: 0 });
    const tool = {
      toolSpec: { name: 'clock', description: 'Tells the time.', inputSchema: { json: { type: 'object' } } },
    };
    const tools = estimateTokens({ messages: [message], toolConfig: { tools: [tool] } }, { model: CLAUDE });
    expect(tools.parts.toolPrompts).toBe(1);
    expect(tools.tokens - one.tokens).toBeGreaterThan(TOKENIZER_FAMILIES.claude.toolPrompt.factor);
  });

  // What Anthropic's documentation gives for these requests; the estimate has to hold them in its range.
  it.each<[string, ConverseLikeRequest, number]>([
    [
      'a greeting',
      { system: [{ text: 'You are a scientist' }], messages: [{ content: [{ text: 'Hello, Claude' }] }] },
      14,
    ],
    [
      'a request with a tool',
      {
        messages: [{ content: [{ text: "What's the weather like in San Francisco?" }] }],
        toolConfig: {
          tools: [
            {
              toolSpec: {
                name: 'get_weather',
                description: 'Get the current weather in a given location',
                inputSchema: {
                  json: {
                    type: 'object',
                    properties: {
                      location: { type: 'string', description: 'The city and state, e.g. San Francisco, CA' },
                    },
                    required: ['location'],
                  },
                },
              },
            },
          ],
        },
      },
      403,
    ],
  ])('holds the documented count of %s', (_, request, tokens) => {
    const estimate = estimateTokens(request, { model: 'anthropic.claude-opus-4-6-v1' });
    expect(estimate.low).toBeLessThanOrEqual(tokens);
    expect(estimate.high).toBeGreaterThanOrEqual(tokens);
    expect(Math.abs(estimate.tokens / tokens - 1)).toBeLessThan(0.25);
  });

  it.each<[string, object, string]>([
    ['text', { text: PROSE }, PROSE],
    [
      'a tool call',
      { toolUse: { toolUseId: 'id-1', name: 'lookup', input: { city: 'Paris' } } },
      'lookup{"city":"Paris"}',
    ],
    ['a tool result in text', { toolResult: { toolUseId: 'id-1', content: [{ text: PROSE }] } }, PROSE],
    [
      'a tool result in JSON',
      { toolResult: { toolUseId: 'id-1', content: [{ json: { a: [1, 2] } }] } },
      '{"a":[1,2]}',
    ],
    ['guarded text', { guardContent: { text: { text: PROSE, qualifiers: ['query'] } } }, PROSE],
    [
      'reasoning',
      { reasoningContent: { reasoningText: { text: PROSE, signature: 'c2lnbmF0dXJl'.repeat(50) } } },
      PROSE,
    ],
    ['citations', { citationsContent: { content: [{ text: PROSE }], citations: [{ title: 'x' }] } }, PROSE],
    [
      'a search result',
      { searchResult: { source: 'handbook', title: 'Warranty', content: [{ text: PROSE }] } },
      `handbook Warranty ${PROSE}`,
    ],
    [
      'a text document',
      { document: { name: 'terms', format: 'txt', source: { bytes: Buffer.from(PROSE) } } },
      `terms ${PROSE}`,
    ],
    [
      'a document in text',
      { document: { name: 'terms', format: 'txt', source: { text: PROSE } } },
      `terms ${PROSE}`,
    ],
    [
      'a document in blocks',
      { document: { name: 'terms', source: { content: [{ text: PROSE }] } } },
      `terms ${PROSE}`,
    ],
    [
      'a tool that is added',
      { toolAddition: { tool: { toolSpec: { name: 'lookup', description: PROSE } } } },
      `lookup ${PROSE}`,
    ],
    ['a cache point', { cachePoint: { type: 'default' } }, ''],
  ])('counts %s', (_, block, text) => {
    const estimate = inMessage(block);
    expect(textTokens(estimate)).toBeGreaterThan(estimateText(text) * 0.85 - 1);
    expect(textTokens(estimate)).toBeLessThan(estimateText(text) * 1.15 + 1);
    expect(estimate.unknown).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['a video', { video: { format: 'mp4', source: { bytes: new Uint8Array(10) } } }, 'video'],
    ['audio', { audio: { format: 'mp3', source: { bytes: new Uint8Array(10) } } }, 'audio'],
    [
      'a picture in S3',
      { image: { format: 'png', source: { s3Location: { uri: 's3://bucket/key' } } } },
      'image',
    ],
    ['a broken picture', { image: { format: 'png', source: { bytes: new Uint8Array(10) } } }, 'image'],
    [
      'a Word document',
      { document: { name: 'x', format: 'docx', source: { bytes: new Uint8Array(10) } } },
      'document',
    ],
    [
      'a document in S3',
      { document: { name: 'x', format: 'txt', source: { s3Location: { uri: 's3://b/k' } } } },
      'document',
    ],
    [
      'a compressed PDF',
      { document: { name: 'x', format: 'pdf', source: { bytes: Buffer.from('%PDF-1.7 x') } } },
      'document',
    ],
    ['redacted reasoning', { reasoningContent: { redactedContent: new Uint8Array(10) } }, 'redactedContent'],
    ['a kind of block that is newer than this code', { hologram: { bytes: new Uint8Array(10) } }, 'hologram'],
    ['a picture in a tool result', { toolResult: { content: [{ image: { source: {} } }] } }, 'image'],
  ])('declares %s unknown', (_, block, kind) => {
    expect(inMessage(block, { text: PROSE }).unknown).toEqual([kind]);
  });

  it('declares the tools of the service unknown', () => {
    const request = { messages: [], toolConfig: { tools: [{ systemTool: { name: 'nova_grounding' } }] } };
    expect(estimateTokens(request, { model: CLAUDE }).unknown).toEqual(['systemTool']);
  });

  it('counts pictures and pages by the rules of the model', () => {
    const picture = { image: { format: 'png', source: { bytes: png(1000, 1000) } } };
    const page = '2 0 obj << /Type /Page /Parent 1 0 R >> endobj\n';
    const pdf = {
      format: 'pdf',
      name: 'terms',
      source: { bytes: Buffer.from(`%PDF-1.7\n${page.repeat(3)}`) },
    };
    expect(inMessage(picture).mediaTokens).toBeCloseTo(1333, -1);
    expect(inMessage(picture, picture).mediaTokens).toBeCloseTo(2667, -1);
    expect(inMessage({ document: pdf }).mediaTokens).toBe(1200);
    expect(inMessage({ document: { ...pdf, citations: { enabled: true } } }).mediaTokens).toBeCloseTo(
      7000,
      -1,
    );
    const estimate = inMessage(picture);
    expect(estimate.tokens).toBeGreaterThan(1333);
    expect(estimate.low).toBeLessThan(1333);
    expect(estimate.high).toBeGreaterThan(1500);
    expect(estimate.unknown).toEqual([]);
    expect(estimateTokens({ messages: [{ content: [picture] }] }, { model: O200K }).unknown).toEqual([
      'image',
    ]);
  });

  it('counts the schema of a structured answer', () => {
    const schema = JSON.stringify({ type: 'object', properties: { answer: { type: 'string' } } });
    const message = { content: [{ text: 'Hello' }] };
    const outputConfig = {
      textFormat: { type: 'json_schema', structure: { jsonSchema: { schema, name: 'answer' } } },
    };
    const plain = estimateTokens({ messages: [message] }, { model: CLAUDE });
    const structured = estimateTokens({ messages: [message], outputConfig }, { model: CLAUDE });
    expect(textTokens(structured) - textTokens(plain)).toBeCloseTo(estimateText(schema), 5);
    expect(
      estimateTokens({ messages: [message], outputConfig: { effort: 'low' } }, { model: CLAUDE }),
    ).toEqual(plain);
  });

  it('takes the blocks of a request view', () => {
    const blocks = [
      { section: 'tools', kind: 'toolSpec', text: '{"name":"clock"}' },
      { section: 'system', kind: 'text', text: PROSE },
      { section: 'messages', kind: 'text', text: 'How long?', messageIndex: 0 },
      { section: 'messages', kind: 'text', text: 'Two years.', messageIndex: 1 },
      { section: 'messages', kind: 'image', text: '', messageIndex: 2 },
    ];
    const estimate = estimateTokens({ blocks }, { model: CLAUDE });
    expect(estimate.parts).toMatchObject({ requests: 1, messages: 3, toolPrompts: 1 });
    expect(estimate.unknown).toEqual(['image']);
    expect(textTokens(estimate)).toBeCloseTo(
      blocks.reduce((sum, { text }) => sum + estimateText(text), 0),
      5,
    );
  });

  it('survives members that are missing or not what they should be', () => {
    const content = [
      {},
      { text: undefined },
      { toolResult: {} },
      { document: {} },
      { guardContent: {} },
      { text: 7 },
    ];
    const odd = {
      messages: [{ content }, {}, { content: [{ toolUse: { input: undefined } }] }],
    } as ConverseLikeRequest;
    expect(() => estimateTokens(odd, { model: CLAUDE })).not.toThrow();
  });

  it('leaves the request as it was', () => {
    const request = Object.freeze({
      system: Object.freeze([Object.freeze({ text: PROSE })]),
      messages: Object.freeze([
        Object.freeze({ role: 'user', content: Object.freeze([Object.freeze({ text: 'Hi' })]) }),
      ]),
    });
    expect(() => estimateTokens(request, { model: CLAUDE })).not.toThrow();
  });

  it('uses a calibration once it has seen the model', () => {
    const calibration = createCalibration();
    expect(estimateTokens(PROSE, { model: CLAUDE, calibration }).method).toBe('estimated');
    calibration.observe(CLAUDE, estimateTokens(PROSE, { model: CLAUDE }), 20);
    expect(estimateTokens(PROSE, { model: CLAUDE, calibration }).method).toBe('calibrated');
    expect(estimateTokens(PROSE, { model: O200K, calibration }).method).toBe('estimated');
  });
});
