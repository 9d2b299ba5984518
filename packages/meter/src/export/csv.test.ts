import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../tests/parse-csv.js';
import { csvRecord, csvText } from './csv.js';

describe('csvRecord', () => {
  it('quotes what RFC 4180 wants quoted, and nothing else', () => {
    expect(
      csvRecord(['plain', 'a,b', 'say "hi"', 'two\nlines', ' space ', 1.5, 0, undefined, null, '']),
    ).toBe('plain,"a,b","say ""hi""","two\nlines"," space ",1.5,0,,,\r\n');
  });

  it('is read back as it was, whatever the texts', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(fc.string({ unit: fc.constantFrom('a', ',', '"', '\r', '\n', ' ', 'ä') }), {
            minLength: 2,
            maxLength: 4,
          }),
        ),
        (records) => {
          expect(parseCsv(records.map(csvRecord).join(''))).toEqual(records);
        },
      ),
    );
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
