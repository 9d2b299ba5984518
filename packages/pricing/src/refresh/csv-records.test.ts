import { describe, expect, it } from 'vitest';
import { CsvRecords } from './csv-records.js';

function read(pieces: readonly string[]): (readonly string[])[] {
  const records = new CsvRecords();
  return [...pieces.flatMap((piece) => [...records.push(piece)]), ...records.end()];
}

describe('CsvRecords', () => {
  it.each<[string, string[][]]>([
    [
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\r\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['"a, b","c ""d"""\n', [['a, b', 'c "d"']]],
    ['"two\nlines",x\n', [['two\nlines', 'x']]],
    ['a,,\n', [['a', '', '']]],
    ['"",""\n', [['', '']]],
    ['\n\na\n\n', [['a']]],
    ['12" rack,b\n', [['12" rack', 'b']]],
    ['', []],
  ])('reads %j', (text, expected) => {
    expect(read([text])).toEqual(expected);
    expect(read([...text])).toEqual(expected);
  });

  it('refuses a text that ends inside quotes', () => {
    expect(() => read(['a,"b'])).toThrow(SyntaxError);
  });
});
