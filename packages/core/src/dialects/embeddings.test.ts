import { describe, expect, it } from 'vitest';
import type { Body, DialectAdapter } from './dialect-adapter.js';
import { cohereEmbed, novaEmbed, titanEmbed } from './embeddings.js';

const CASES: readonly (readonly [string, DialectAdapter, Body, readonly string[]])[] = [
  ['Titan text', titanEmbed, { inputText: 'one', dimensions: 512 }, ['one']],
  ['Titan image', titanEmbed, { inputImage: 'AQID' }, []],
  ['Cohere v3', cohereEmbed, { texts: ['one', 'two'], input_type: 'search_document' }, ['one', 'two']],
  [
    'Cohere v4',
    cohereEmbed,
    {
      inputs: [
        {
          content: [
            { type: 'text', text: 'one' },
            { type: 'image_url', image_url: { url: 'data:,' } },
          ],
        },
        { content: [{ type: 'text', text: 'two' }] },
      ],
      input_type: 'search_document',
    },
    ['one', 'two'],
  ],
  [
    'Nova',
    novaEmbed,
    {
      taskType: 'SINGLE_EMBEDDING',
      singleEmbeddingParams: {
        embeddingPurpose: 'GENERIC_INDEX',
        text: { truncationMode: 'END', value: 'one' },
      },
    },
    ['one'],
  ],
];

describe.each(CASES)('%s embeddings', (_, adapter, request, texts) => {
  it('reads the texts', () => {
    const { blocks, maxTokens, cachePoints } = adapter.read(request);
    expect(blocks.filter(({ kind }) => kind === 'text').map(({ text }) => text)).toEqual(texts);
    expect([maxTokens, cachePoints]).toEqual([undefined, []]);
  });

  it('offers no edit: vectors of another request are other vectors', () => {
    expect(Object.keys(adapter).filter((name) => name.startsWith('with'))).toEqual([]);
  });

  it('reads no counts from an answer without them', () => {
    expect(adapter.readAnswer({ embedding: [0.1] }).usage?.input).toBeUndefined();
  });
});

describe('titanEmbed', () => {
  it('reads the count of its body', () => {
    expect(titanEmbed.readAnswer({ embedding: [0.1], inputTextTokenCount: 3 }).usage).toEqual({
      input: 3,
      output: 0,
    });
  });
});

describe('pictures that Cohere embeds', () => {
  it.each([
    { images: ['data:image/png;base64,AAAA'] },
    {
      inputs: [
        {
          content: [
            { type: 'text', text: 'one' },
            { type: 'image_url', image_url: { url: 'data:' } },
          ],
        },
      ],
    },
  ])('are media, whose tokens no text says', (body) => {
    const { blocks, features } = cohereEmbed.read(body);
    expect(features.images).toBe(true);
    expect(blocks.flatMap(({ media = [] }) => media.map(({ kind }) => kind))).toEqual(['image']);
  });
});

describe('units of embeddings', () => {
  it.each<[string, DialectAdapter, Body, object]>([
    ['a Titan text', titanEmbed, { inputText: 'one' }, {}],
    ['a Titan image', titanEmbed, { inputImage: 'AQID', inputText: 'one' }, { image: 1 }],
    ['a Nova text', novaEmbed, { singleEmbeddingParams: { text: { value: 'one' } } }, {}],
    ['a Nova image', novaEmbed, { singleEmbeddingParams: { image: { format: 'png' } } }, { image: 1 }],
    [
      'a Nova page',
      novaEmbed,
      { singleEmbeddingParams: { image: { format: 'png', detailLevel: 'DOCUMENT_IMAGE' } } },
      { documentImage: 1 },
    ],
    ['a Cohere text', cohereEmbed, { texts: ['one'], input_type: 'search_document' }, {}],
    // At a price of their own, which no source lists.
    ['Cohere images', cohereEmbed, { images: ['data:,'], input_type: 'image' }, { image: 1 }],
    [
      'an image among Cohere inputs',
      cohereEmbed,
      { inputs: [{ content: [{ type: 'image_url', image_url: { url: 'data:,' } }] }] },
      { image: 1 },
    ],
    // By the second: the request does not say how many.
    ['a Nova video', novaEmbed, { singleEmbeddingParams: { video: { format: 'mp4' } } }, { video: 1 }],
  ])('of %s', (_, adapter, request, units) => {
    expect(adapter.read(request).units).toEqual(units);
  });
});
