import { describe, expect, it } from 'vitest';
import { findFences, replaceFences } from './fences.js';

const page = [
  '# Title',
  '',
  '<!-- snippet: meter/report.ts -->',
  '',
  '```ts',
  'const one = 1;',
  '```',
  '',
  '```sh',
  '```',
  '',
  '````typescript',
  '```',
  'inner',
  '```',
  '````',
  '',
].join('\n');

describe('findFences', () => {
  it('finds TypeScript blocks with their snippet and leaves other languages out', () => {
    expect(findFences(page)).toEqual([
      { line: 5, snippet: 'meter/report.ts', code: 'const one = 1;\n' },
      { line: 12, code: '```\ninner\n```\n' },
    ]);
  });

  it('does not take the snippet comment of an earlier block', () => {
    const twice = '<!-- snippet: a/b.ts -->\n```ts\na\n```\n```ts\nb\n```\n';
    expect(findFences(twice).map(({ snippet }) => snippet)).toEqual(['a/b.ts', undefined]);
  });

  it('does not look inside blocks of other languages', () => {
    const nested = '````md\n<!-- snippet: a/b.ts -->\n\n```ts\nb\n```\n````\n';
    expect(findFences(nested)).toEqual([]);
    expect(replaceFences(nested, () => 'c')).toBe(nested);
  });

  it('ignores a block that never ends', () => {
    expect(findFences('```ts\nconst one = 1;\n')).toEqual([]);
  });
});

describe('replaceFences', () => {
  it('replaces the code of named blocks and nothing else', () => {
    const replaced = replaceFences(page, (snippet) => `// ${snippet}\n`);
    expect(replaced).toBe(page.replace('const one = 1;', '// meter/report.ts'));
  });

  it('changes nothing when the code is the same', () => {
    expect(replaceFences(page, () => 'const one = 1;\n')).toBe(page);
  });
});
