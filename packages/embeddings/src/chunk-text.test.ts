import { describe, expect, it } from 'vitest';
import { chunkText } from './chunk-text.js';

const textsOf = (text: string, maxTokens: number, minTokens = 0): string[] =>
  chunkText(text, { maxTokens, minTokens, countTokens: (part) => part.trim().split(/\s+/).length }).map(
    (chunk) => chunk.text,
  );

describe('chunkText', () => {
  it('cuts before headings, and leaves a heading with what follows', () => {
    const text = '# One\n\nAlpha beta gamma.\n\n## Two\n\nDelta epsilon zeta.\n';
    expect(textsOf(text, 6)).toEqual(['# One\n\nAlpha beta gamma.\n\n', '## Two\n\nDelta epsilon zeta.\n']);
  });

  it('prefers the higher heading', () => {
    const text = '## A\n\none two\n\n# B\n\nthree four\n\n## C\n\nfive six\n';
    expect(textsOf(text, 9)).toEqual(['## A\n\none two\n\n', '# B\n\nthree four\n\n## C\n\nfive six\n']);
  });

  it('prefers paragraphs to list items, and those to sentences', () => {
    expect(textsOf('One two. Three four.\n\nFive six. Seven eight.\n', 5)).toEqual([
      'One two. Three four.\n\n',
      'Five six. Seven eight.\n',
    ]);
    expect(textsOf('- one two. three\n- four five. six\n', 5)).toEqual([
      '- one two. three\n',
      '- four five. six\n',
    ]);
    expect(textsOf('One two three. Four five six.', 3)).toEqual(['One two three. ', 'Four five six.']);
  });

  it('keeps a code fence whole where it fits, headings inside it included', () => {
    const fence = '```sh\n# no heading\nrun it\n\nagain\n```\n';
    expect(textsOf(`Before it all.\n\n${fence}\nAfter it all.\n`, 9)).toContain(`${fence}\n`);
  });

  it('ends a fence only with a mark as long', () => {
    const fence = '````md\n```\nx\n```\n````\n';
    expect(textsOf(`a b c d e f\n\n${fence}\ng h i j k l\n`, 6)).toContain(`${fence}\n`);
  });

  it('joins what is small with its neighbour', () => {
    const text = '# A\n\nx\n\n# B\n\ny\n\n# C\n\nz\n';
    expect(textsOf(text, 6, 3)).toHaveLength(2);
    expect(textsOf(text, 4, 0)).toHaveLength(3);
  });

  it('opens long sentences at words, and long words at characters', () => {
    expect(chunkText('word '.repeat(400), { maxTokens: 50 }).every(({ tokens }) => tokens <= 50)).toBe(true);
    const han = '漢字仮名交じり文'.repeat(300);
    const chunks = chunkText(han, { maxTokens: 64 });
    expect(chunks.length).toBeGreaterThan(10);
    expect(chunks.map(({ text }) => text).join('')).toBe(han);
  });

  it('never parts the halves of a character', () => {
    const chunks = chunkText('🙂'.repeat(2_000), { maxTokens: 32 });
    expect(chunks.every(({ text }) => !/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/.test(text))).toBe(true);
  });

  it('keeps a limit of characters', () => {
    const text = `${'A sentence of words. '.repeat(500)}\n`;
    expect(chunkText(text, { maxCharacters: 200 }).every((chunk) => chunk.text.length <= 200)).toBe(true);
  });

  it('says where chunks stand', () => {
    const text = 'One two three four.\n\nFive six seven eight.\n';
    for (const { text: own, start } of chunkText(text, { maxTokens: 8 }))
      expect(text.startsWith(own, start)).toBe(true);
  });

  it.each([
    ['', []],
    [' \n\n ', [' \n\n ']],
    ['word', ['word']],
  ])('cuts %j into %j', (text, expected) => {
    expect(chunkText(text).map((chunk) => chunk.text)).toEqual(expected);
  });

  it.each([
    { maxTokens: 0 },
    { maxTokens: Number.NaN },
    { maxTokens: 10, minTokens: 6 },
    { minTokens: -1 },
    { overlap: 20 },
    { maxCharacters: 1.5 },
  ])('refuses %j', (options) => {
    expect(() => chunkText('text', options as never)).toThrow(/costkit embeddings/);
  });

  it('comes to an end of a line that ends in very many blanks', () => {
    const text = `word${' '.repeat(400_000)}`;
    expect(
      chunkText(text)
        .map((chunk) => chunk.text)
        .join(''),
    ).toBe(text);
  });
});
