import { describe, expect, it } from 'vitest';
import { promptStructure } from './prompt-structure.js';
import { BUCKETS, excerpt, promptWords } from './prompt-words.js';

describe('promptWords', () => {
  it('counts words and pairs, whatever their case, and numbers by their length', () => {
    const { counts, words } = promptWords('The cat. The cat: 12');
    const same = promptWords('the CAT. the cat: 99');
    expect(same.counts).toEqual(counts);
    expect(words).toHaveLength(4);
    expect(counts[0]!.times.reduce((sum, count) => sum + count, 0)).toBe(13);
    for (const bucket of counts[0]!.buckets) expect(bucket).toBeLessThan(BUCKETS);
  });

  it('tells words of an answer from words of a prompt', () => {
    const { counts } = promptWords('yes', 'yes');
    expect(counts[0]!.buckets).not.toEqual(counts[1]!.buckets);
  });
});

describe('excerpt', () => {
  it('reads both ends of a long text', () => {
    expect(excerpt('short')).toBe('short');
    const read = excerpt(`begin${'x'.repeat(100_000)}end`);
    expect(read.length).toBeLessThan(5_000);
    expect(read.startsWith('begin') && read.endsWith('end')).toBe(true);
  });
});

describe('promptStructure', () => {
  it.each(['', '1', 'a\n\n  b', '\\frac{1}{2}', '日本語', '1'.repeat(1_000)])('is finite (%#)', (prompt) => {
    const structure = promptStructure(prompt);
    expect(structure).toHaveLength(promptStructure('').length);
    expect(structure.every(Number.isFinite)).toBe(true);
  });
});
