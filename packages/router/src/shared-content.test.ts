import { describe, expect, it } from 'vitest';
import { contentOf, EMPTY, withMore, withPolicy } from './shared-content.js';

describe('contentOf', () => {
  it.each([
    ['nothing', undefined],
    ['no JSON', '{'],
    ['another thing', '[1]'],
    ['nothing at all', 'null'],
    ['another version', JSON.stringify({ ...EMPTY, version: 2 })],
    ['a part of it', JSON.stringify({ ...EMPTY, health: 7 })],
  ])('takes %s for nothing', (_, text) => {
    expect(contentOf(text)).toBe(EMPTY);
  });

  it('reads what was written', () => {
    const content = { ...EMPTY, drafts: { faq: { drafts: 3, meanSavedUsd: 0.1, acceptedShare: 1 } } };
    expect(contentOf(JSON.stringify(content))).toEqual(content);
  });
});

describe('withMore', () => {
  it('keeps what was read in its order, takes over what is more, and adds what is new', () => {
    const merged = withMore(
      { b: 2, a: 5 },
      new Map([
        ['a', 4],
        ['b', 3],
        ['__proto__', 1],
      ]),
      (own, read) => own > read,
    );
    expect(Object.entries(merged)).toEqual([
      ['b', 3],
      ['a', 5],
      ['__proto__', 1],
    ]);
  });
});

describe('withPolicy', () => {
  it('puts a new policy first and forgets the oldest of eleven', () => {
    const named = (name: string) => [name, { faq: 1 }] as const;
    const read = Object.fromEntries(Array.from({ length: 10 }, (_, at) => named(`policy ${at}`)));
    expect(Object.keys(withPolicy(read, 'new', { faq: 2 }))).toEqual([
      'new',
      ...Array.from({ length: 9 }, (_, at) => `policy ${at}`),
    ]);
    expect(withPolicy(read, 'policy 3', { faq: 2 })).toEqual({ ...read, 'policy 3': { faq: 2 } });
    expect(withPolicy(read, 'new', {})).toBe(read);
  });
});
