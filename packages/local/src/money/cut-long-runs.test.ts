import { describe, expect, it } from 'vitest';
import { cutLongRuns } from './cut-long-runs.js';
import { createO200kTokenizer } from './tokenizer.js';

const ordinary = 'The parcel (No. 12) left the house; 早上好。 '.repeat(500);
describe('cutLongRuns', () => {
  it.each([
    ['an empty text', ''],
    ['words', ordinary],
    ['a word', 'x'.repeat(1_024)],
    ['digits', '1'.repeat(9_999)],
  ])('leaves %s as one piece', (_, one) => {
    expect(cutLongRuns(one)).toEqual([one]);
  });

  it.each(['x', ' ', '-', '的', '\n', 'a\u0301', '❤️'])('cuts %j where it goes on for long', (part) => {
    const long = part.repeat(20_480 / part.length);
    const pieces = cutLongRuns(`${ordinary}1${long}1${ordinary}`);
    expect(pieces).toHaveLength(20);
    expect(pieces.slice(1, -1).every(({ length }) => length === 1_024)).toBe(true);
  });
});

describe('createO200kTokenizer', () => {
  // Half a minute, while the time grew with the square of the length.
  it.each([
    ['x', 25_000],
    [' ', 1_563],
    ['-', 3_125],
  ])('counts 200,000 times %j in a moment, as many as in one word', { timeout: 10_000 }, (part, tokens) => {
    const tokenizer = createO200kTokenizer();
    const text = part.repeat(200_000);
    expect(tokenizer.count(text, '')).toBe(tokens);
    const pieces = tokenizer.pieces(text, '');
    expect([pieces.length, pieces.join('') === text]).toEqual([tokens, true]);
  });
});
