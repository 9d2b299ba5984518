import { describe, expect, it } from 'vitest';
import { estimatedTokens } from '../estimated-tokens.js';
import type { Block, RequestView } from '../request-view.js';
import { viewRequest } from '../view-request.js';

const MODEL = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const NOVA = 'us.amazon.nova-lite-v1:0';
/** As large as a small screenshot. */
const BYTES = new Uint8Array(60_000).fill(7);
const BASE64 = Buffer.from(BYTES).toString('base64');

const invoke = (modelId: string, body: object): RequestView =>
  viewRequest('InvokeModel', { modelId, body: JSON.stringify(body) });

const CONVERSE_RESULT = {
  toolUseId: 'shot-1',
  content: [
    { text: 'Here it is.' },
    { image: { format: 'png', source: { bytes: BYTES } } },
    { document: { format: 'pdf', name: 'page', source: { bytes: BYTES } } },
    { image: { format: 'png', source: { bytes: BYTES } } },
  ],
};

/** The same tool result in each format that has one. */
const VIEWS: Readonly<Record<string, RequestView>> = {
  Converse: viewRequest('Converse', {
    modelId: MODEL,
    messages: [{ role: 'user', content: [{ toolResult: CONVERSE_RESULT }] }],
  }),
  Nova: invoke(NOVA, {
    messages: [
      {
        role: 'user',
        content: [
          {
            toolResult: {
              toolUseId: 'shot-1',
              content: [
                { text: 'Here it is.' },
                { image: { format: 'png', source: { bytes: BASE64 } } },
                { document: { format: 'pdf', name: 'page', source: { bytes: BASE64 } } },
                { image: { format: 'png', source: { bytes: BASE64 } } },
              ],
            },
          },
        ],
      },
    ],
  }),
  Anthropic: invoke(MODEL, {
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 100,
    messages: [
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'shot-1',
            content: [
              { type: 'text', text: 'Here it is.' },
              { type: 'image', source: { type: 'base64', media_type: 'image/png', data: BASE64 } },
              { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: BASE64 } },
              { type: 'image', source: { type: 'base64', media_type: 'image/png', data: BASE64 } },
            ],
          },
        ],
      },
    ],
  }),
};

describe.each(Object.entries(VIEWS))('media in a tool result, in %s', (_, view) => {
  const block = view.blocks[0] as Block;

  it('are named by kind and their bytes are not read as text', () => {
    expect(block.kind).toBe('toolResult');
    expect(block.media?.map(({ kind }) => kind)).toEqual(['image', 'document', 'image']);
    expect(block.text).toContain('Here it is.');
    expect(block.text.length).toBeLessThan(200);
    expect(estimatedTokens(view).high).toBeLessThan(300);
  });

  it('are asked of a model as any other media', () => {
    expect(view.features).toMatchObject({ images: true, documents: true, video: false, audio: false });
  });

  it('teach no calibration what their bytes would take', () => {
    expect(view.prompt.measured.unknown).toEqual(['image', 'document']);
  });
});

describe('a tool result without media', () => {
  it('is read as before, and says so', () => {
    const result = { toolUseId: 'a', content: [{ json: { image: 'none' } }], status: 'success' };
    const { blocks, features } = viewRequest('Converse', {
      modelId: MODEL,
      messages: [{ role: 'user', content: [{ toolResult: result }] }],
    });
    expect(blocks[0]).toEqual({
      section: 'messages',
      kind: 'toolResult',
      role: 'user',
      messageIndex: 0,
      text: JSON.stringify(result),
    });
    expect(features.images).toBe(false);
  });
});

describe('other content with text of its own', () => {
  it('counts search results and blocks of new kinds of Anthropic bodies, without their cache points', () => {
    const search = { type: 'search_result', source: 'https://example.test', title: 'Returns', content: [] };
    const { blocks } = invoke(MODEL, {
      anthropic_version: 'bedrock-2023-05-31',
      messages: [
        { role: 'user', content: [{ ...search, cache_control: { type: 'ephemeral' } }] },
        { role: 'system', content: [{ type: 'tool_addition', name: 'refund' }] },
      ],
    });
    expect(blocks.map(({ kind, role, text }) => ({ kind, role, text }))).toEqual([
      { kind: 'searchResult', role: 'user', text: JSON.stringify(search) },
      { kind: 'other', role: 'system', text: JSON.stringify({ type: 'tool_addition', name: 'refund' }) },
    ]);
  });

  it('counts blocks of new kinds of Converse, without bytes, and lets them teach nothing', () => {
    const view = viewRequest('Converse', {
      modelId: MODEL,
      messages: [
        { role: 'system', content: [{ toolAddition: { toolSpec: { name: 'refund' } } }] },
        { role: 'user', content: [{ hologram: { format: 'holo', source: { bytes: BYTES } } }] },
      ],
    });
    expect(view.blocks.map(({ text }) => text)).toEqual([
      '{"toolAddition":{"toolSpec":{"name":"refund"}}}',
      '{"hologram":{"format":"holo","source":{}}}',
    ]);
    expect(view.prompt.measured.unknown).toEqual(['other']);
  });

  it('names the picture in guarded content', () => {
    const { blocks, features } = viewRequest('Converse', {
      modelId: MODEL,
      messages: [
        {
          role: 'user',
          content: [{ guardContent: { image: { format: 'png', source: { bytes: BYTES } } } }],
        },
      ],
    });
    expect(blocks[0]).toMatchObject({
      kind: 'guardContent',
      text: '',
      media: [{ kind: 'image', source: { bytes: BYTES } }],
    });
    expect(features.images).toBe(true);
  });
});
