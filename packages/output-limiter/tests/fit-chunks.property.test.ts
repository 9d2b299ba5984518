import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Chunk, fitChunks } from '../src/index.js';

const GAP = '\u0000';
const sentence = fc.constantFrom(
  'Lamps may be returned. ',
  'The customer pays the postage. ',
  'Größe und Preis stehen im Katalog. ',
  '返品は三十日以内です。',
  'ok\n',
  'a'.repeat(80),
  '😀 ',
);
const text = fc.oneof(
  fc.array(sentence, { maxLength: 8 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
);
const chunk: fc.Arbitrary<Chunk> = fc.record(
  {
    text,
    score: fc.double({ noNaN: true }),
    document: fc.constantFrom('a', 'b'),
    position: fc.integer({ min: 0, max: 5 }),
  },
  { requiredKeys: ['text'] },
);
/** A tokenizer that does not add up: a whole costs more than its parts. */
const countTokens = (value: string): number => Math.ceil(value.length / 3) + (value.length > 40 ? 3 : 0);
const given = fc.record({
  chunks: fc.array(chunk, { maxLength: 8 }),
  maxTokens: fc.integer({ min: 1, max: 200 }),
  query: fc.constantFrom('postage of a lamp', '返品', '???'),
  order: fc.constantFrom('document', 'relevance', 'given'),
  duplicateShare: fc.constantFrom(0.5, 0.8, 1),
});

describe('fitChunks', () => {
  it('stays within the tokens and invents nothing', () => {
    fc.assert(
      fc.property(given, ({ chunks, ...options }) => {
        const before = structuredClone(chunks);
        const fitted = fitChunks(chunks, { ...options, countTokens, gap: GAP } as Parameters<
          typeof fitChunks
        >[1]);
        expect(chunks).toEqual(before);
        expect(fitted.reduce((sum, { text: left }) => sum + countTokens(left), 0)).toBeLessThanOrEqual(
          options.maxTokens,
        );
        for (const { text: left, ...rest } of fitted) {
          expect(left.trim()).not.toBe('');
          const isFrom = chunks.some(({ text: whole, ...own }) => {
            let from = 0;
            return (
              JSON.stringify(own) === JSON.stringify(rest) &&
              left.split(GAP).every((part) => {
                const at = whole.indexOf(part.trim(), from);
                from = at + part.trim().length;
                return at >= 0;
              })
            );
          });
          expect(isFrom || left.includes(GAP)).toBe(true);
        }
      }),
    );
  });

  it('returns the same whatever was asked before, and everything that is not repeated where there is room', () => {
    fc.assert(
      fc.property(given, ({ chunks, ...options }) => {
        const room = { ...options, maxTokens: 1_000_000, countTokens } as Parameters<typeof fitChunks>[1];
        const fitted = fitChunks(chunks, room);
        expect(fitChunks(chunks, room)).toEqual(fitted);
        for (const one of fitted) expect(chunks).toContain(one);
        expect(new Set(fitted).size).toBe(fitted.length);
      }),
    );
  });
});
