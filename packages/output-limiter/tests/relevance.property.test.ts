import fc from 'fast-check';
import { expect, it } from 'vitest';
import { relevance, relevanceRanker } from '../src/relevance.js';

const words = fc.array(fc.constantFrom('order', 'parcel', 'refund', 'the', 'of'), { maxLength: 8 });

it('says the same of a query whether or not others are asked', () => {
  fc.assert(
    fc.property(fc.array(words, { maxLength: 6 }), fc.array(words, { maxLength: 4 }), (texts, queries) => {
      const rank = relevanceRanker(texts);
      for (const query of queries) expect(rank(query)).toEqual(relevance(texts, query));
    }),
  );
});

it('ranks texts that hold rarer words of the query first, and gives 0 to those that hold none', () => {
  fc.assert(
    fc.property(fc.array(words, { minLength: 1, maxLength: 6 }), words, (texts, query) => {
      const scores = relevance(texts, query);
      texts.forEach((text, at) => {
        expect(scores[at]! > 0).toBe(text.some((word) => query.includes(word)));
      });
      expect(Math.max(...scores)).toBe(scores.some((score) => score > 0) ? 1 : 0);
    }),
  );
});
