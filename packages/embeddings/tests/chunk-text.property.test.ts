import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkText } from '../src/index.js';

const MAX_TOKENS = 40;
const word = fc.string({
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'),
  minLength: 1,
  maxLength: 9,
});
const sentence = fc.array(word, { minLength: 2, maxLength: 14 }).map((words) => `${words.join(' ')}. `);
const block = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(sentence, { minLength: 1, maxLength: 5 }).map((parts) => `${parts.join('')}\n\n`),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 4 }), word)
      .map(([level, title]) => `${'#'.repeat(level)} ${title}\n\n`),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(sentence, { minLength: 1, maxLength: 4 })
      .map((items) => `${items.map((item) => `- ${item}\n`).join('')}\n`),
  },
  {
    weight: 1,
    arbitrary: fc.array(word, { maxLength: 6 }).map((lines) => `\`\`\`\n${lines.join('\n')}\n\`\`\`\n\n`),
  },
);
const markdown = fc.array(block, { minLength: 5, maxLength: 60 });
const anything = fc.oneof(
  markdown.map((blocks) => blocks.join('')),
  fc.string({ unit: 'grapheme', maxLength: 2_000 }),
  fc
    .array(fc.constantFrom('a. ', '\n', '# ', '```\n', '漢', '。', '- x\n', ' '), { maxLength: 300 })
    .map((parts) => parts.join('')),
);
const textsOf = (text: string): string[] =>
  chunkText(text, { maxTokens: MAX_TOKENS }).map((chunk) => chunk.text);

/**
 * Where cuts fall depends on hashes, so how far a change reaches has no bound, but each further chunk is ten times rarer:
 * of 8,000 documents none changed in more than four. Chance must not fail a check.
 */
function expectFew<Case>(cases: fc.Arbitrary<Case>, changedBy: (one: Case) => number, mean: number): void {
  fc.assert(
    fc.property(cases, (one) => {
      expect(changedBy(one)).toBeLessThanOrEqual(10);
    }),
  );
  const some = fc.sample(cases, { numRuns: 200, seed: 1 }).map(changedBy);
  expect(some.reduce((sum, one) => sum + one / some.length, 0)).toBeLessThan(mean);
}

describe('chunkText', () => {
  it('makes chunks that are the document, one after another', () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 1, max: 200 }), (text, maxTokens) => {
        const chunks = chunkText(text, { maxTokens });
        expect(chunks.map((chunk) => chunk.text).join('')).toBe(text);
        expect(chunks.map(({ start }) => start)).toEqual(
          chunks.map((_, index) => chunks.slice(0, index).reduce((sum, chunk) => sum + chunk.text.length, 0)),
        );
        expect(chunks.every((chunk) => chunk.text !== '')).toBe(true);
      }),
    );
  });

  it('makes no chunk larger than it may be', () => {
    fc.assert(
      fc.property(markdown, (blocks) => {
        for (const { tokens } of chunkText(blocks.join(''), { maxTokens: MAX_TOKENS })) {
          expect(tokens).toBeLessThanOrEqual(MAX_TOKENS + 1e-9);
        }
      }),
    );
  });

  it('changes the chunks that an edit touches, and few beside them, however long the document is', () => {
    const changedBy = ([one, other, added, at]: readonly [string[], string[], string, number]): number => {
      const place = at % (one.length + 1);
      const long = [...one, ...other];
      const before = new Set(textsOf(long.join('')));
      const edited = [...long.slice(0, place), `${added}\n\n`, ...long.slice(place)];
      return textsOf(edited.join('')).filter((text) => !before.has(text)).length;
    };
    expectFew(fc.tuple(markdown, markdown, sentence, fc.nat()), changedBy, 1.5);
  });

  it('leaves all other chunks as they are when documents are put together', () => {
    const heading = '# Part\n\n';
    const changedBy = ([one, other]: readonly [string[], string[]]): number => {
      const together = new Set(textsOf(`${heading}${one.join('')}${heading}${other.join('')}`));
      const alone = [...textsOf(`${heading}${one.join('')}`), ...textsOf(`${heading}${other.join('')}`)];
      return alone.filter((text) => !together.has(text)).length;
    };
    expectFew(fc.tuple(markdown, markdown), changedBy, 0.5);
  });
});
