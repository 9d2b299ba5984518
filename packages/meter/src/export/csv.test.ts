import { describe, expect, it } from 'vitest';
import { csvRecord, csvText } from './csv.js';

describe('csvRecord', () => {
  it('quotes what RFC 4180 wants quoted, and nothing else', () => {
    expect(
      csvRecord(['plain', 'a,b', 'say "hi"', 'two\nlines', ' space ', 1.5, 0, undefined, null, '']),
    ).toBe('plain,"a,b","say ""hi""","two\nlines"," space ",1.5,0,,,\r\n');
  });
});

describe('csvText', () => {
  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    '=cmd|"/c calc"!A1',
  ])('guards %j', (text) => {
    expect(csvText(text)).toBe(`'${text}`);
  });

  it.each(['chat', '(none)', "'quoted", 'a=b', '1-2', ''])('leaves %j alone', (text) => {
    expect(csvText(text)).toBe(text);
  });
});
