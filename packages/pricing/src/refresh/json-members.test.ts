import { describe, expect, it } from 'vitest';
import { type JsonMember, JsonMembers } from './json-members.js';

function read(pieces: readonly string[], entered: readonly string[] = []): JsonMember[] {
  const members = new JsonMembers((path) => entered.includes(path.join(' ')));
  const found = pieces.flatMap((piece) => [...members.push(piece)]);
  members.end();
  return found;
}

describe('JsonMembers', () => {
  it('hands out the members of objects that it enters, and the rest whole', () => {
    const text = JSON.stringify({
      version: 1,
      terms: { OnDemand: { SKU1: { price: '0.1' }, SKU2: {} }, Reserved: [1, { a: '}' }] },
      empty: {},
    });
    expect(read([text], ['terms', 'terms OnDemand'])).toEqual([
      { path: ['version'], value: 1 },
      { path: ['terms', 'OnDemand', 'SKU1'], value: { price: '0.1' } },
      { path: ['terms', 'OnDemand', 'SKU2'], value: {} },
      { path: ['terms', 'Reserved'], value: [1, { a: '}' }] },
      { path: ['empty'], value: {} },
    ]);
  });

  it('is not confused by where the pieces end', () => {
    const text = ' {"a\\"{":"x\\\\","b":[1.5e3,true],"c":null} ';
    const expected = read([text]);
    expect(expected).toEqual([
      { path: ['a"{'], value: 'x\\' },
      { path: ['b'], value: [1500, true] },
      { path: ['c'], value: null },
    ]);
    expect(read([...text])).toEqual(expected);
  });

  it('refuses a text that ends too early', () => {
    const text = '{"products":{"A":{"x":1}}}';
    for (let length = 0; length < text.length; length += 1)
      expect(() => read([text.slice(0, length)], ['products']), String(length)).toThrow(SyntaxError);
  });

  it.each(['[1]', '"text"', '{"a":1,}', '{"a" 1}', '{a:1}', '{"a":1}}', '{"a":1}{', '{"a":tru}', '<html>'])(
    'refuses %s',
    (text) => {
      expect(() => read([text])).toThrow(SyntaxError);
    },
  );
});
