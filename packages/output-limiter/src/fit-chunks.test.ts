import { InvalidOptionError } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { type FitChunksOptions, fitChunks } from './fit-chunks.js';

const RETURNS = 'You may return a lamp within thirty days. The customer pays for the postage of a return.';
const SHIPPING = 'We ship on every working day. Parcels to the islands take a week longer.';
const HISTORY = 'The company was founded in a garage. Its first product was a radio.';
const QUERY = 'Who pays the postage when I return a lamp?';
const words = (text: string): number => text.split(/\s+/).filter(Boolean).length;
const options = (more: Partial<FitChunksOptions> = {}): FitChunksOptions => ({
  maxTokens: 1_000,
  query: QUERY,
  countTokens: words,
  ...more,
});

describe('fitChunks', () => {
  it('returns the same objects, the best first, where all fit', () => {
    const chunks = [HISTORY, SHIPPING, RETURNS].map((text) => ({ text, id: text.length }));
    const fitted = fitChunks(chunks, options());
    expect(fitted).toHaveLength(3);
    expect(fitted[0]).toBe(chunks[2]);
    expect(new Set(fitted)).toEqual(new Set(chunks));
  });

  it('keeps what answers the question, trimmed at the end of a sentence', () => {
    const fitted = fitChunks([{ text: HISTORY }, { text: RETURNS }], options({ maxTokens: 10 }));
    expect(fitted).toEqual([{ text: 'The customer pays for the postage of a return.' }]);
  });

  it('marks what is left out inside a chunk, and leaves everything else of it', () => {
    const text = `A lamp can be returned. ${'Our house style is plain and our prices are fair. '.repeat(3)}Who returns a lamp pays the postage.`;
    const [chunk] = fitChunks([{ text, id: 7 }], options({ maxTokens: 16 }));
    expect(chunk).toEqual({
      text: 'A lamp can be returned. […] Who returns a lamp pays the postage.',
      id: 7,
    });
    expect(fitChunks([{ text }], options({ maxTokens: 16, gap: '\n' }))[0]?.text).toBe(
      'A lamp can be returned.\nWho returns a lamp pays the postage.',
    );
  });

  it('leaves out what a better chunk says already, near-duplicates too', () => {
    const again = RETURNS.replace('thirty', '30');
    const chunks = [{ text: RETURNS }, { text: SHIPPING }, { text: `${RETURNS} ` }, { text: again }];
    expect(fitChunks(chunks, options({ duplicateShare: 0.6 })).map(({ text }) => text)).toEqual([
      RETURNS,
      SHIPPING,
    ]);
    expect(fitChunks(chunks, options({ duplicateShare: 1 }))).toHaveLength(3);
  });

  it('believes the score of the search where every chunk has one', () => {
    const chunks = [
      { text: HISTORY, score: 0.9 },
      { text: SHIPPING, score: 0.1 },
    ];
    expect(fitChunks(chunks, options({ order: 'relevance' }))[0]?.text).toBe(HISTORY);
    const some = [{ text: SHIPPING, score: 5 }, { text: RETURNS }];
    expect(fitChunks(some, options({ order: 'relevance' }))[0]?.text).toBe(RETURNS);
  });

  it('prefers what stands beside the answer to what stands elsewhere', () => {
    const chunk = (document: string, position: number, text: string) => ({ document, position, text });
    const chunks = [
      chunk('b', 0, 'Radios are built by hand.'),
      chunk('a', 1, 'It is taken off the refund.'),
      chunk('a', 0, RETURNS),
    ];
    const fitted = fitChunks(chunks, options({ maxTokens: 24 }));
    expect(fitted.map(({ document, position }) => `${document}${position}`)).toEqual(['a0', 'a1']);
  });

  it('orders by document, by relevance, or as given', () => {
    const chunks = [
      { document: 'history', position: 0, text: HISTORY },
      { document: 'shop', position: 1, text: RETURNS },
      { document: 'shop', position: 0, text: SHIPPING },
      { text: 'A lamp without a document.' },
    ];
    const order = (by: NonNullable<FitChunksOptions['order']>): number[] =>
      fitChunks(chunks, options({ order: by })).map((chunk) => chunks.indexOf(chunk));
    expect(order('document')).toEqual([2, 1, 0, 3]);
    expect(order('given')).toEqual([0, 1, 2, 3]);
    expect(order('relevance')[0]).toBe(1);
  });

  it('compares scripts without spaces by pairs of characters', () => {
    const chunks = [{ text: '会社は東京にあります。' }, { text: '返品の送料はお客様の負担です。' }];
    const fitted = fitChunks(chunks, { query: '送料は誰が負担しますか', maxTokens: 100, order: 'relevance' });
    expect(fitted[0]).toBe(chunks[1]);
  });

  it('returns nothing for nothing, and for what does not fit at all', () => {
    expect(fitChunks([], options())).toEqual([]);
    expect(fitChunks([{ text: '' }, { text: '  \n' }], options())).toEqual([]);
    expect(fitChunks([{ text: RETURNS }], options({ maxTokens: 2 }))).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['maxTokens', { query: QUERY }],
    ['maxTokens', { query: QUERY, maxTokens: 0 }],
    ['query', { maxTokens: 5 }],
    ['query', { maxTokens: 5, query: '' }],
    ['order', { ...options(), order: 'best' }],
    ['duplicateShare', { ...options(), duplicateShare: 2 }],
    ['gap', { ...options(), gap: 5 }],
    ['limit', { ...options(), limit: 5 }],
  ])('refuses a wrong %s', (option, given) => {
    expect(() => fitChunks([], given as FitChunksOptions)).toThrow(InvalidOptionError);
    expect(() => fitChunks([], given as FitChunksOptions)).toThrow(option);
  });

  it('refuses what is no chunk', () => {
    expect(() => fitChunks(['text' as never], options())).toThrow('chunks[0]');
  });
});
