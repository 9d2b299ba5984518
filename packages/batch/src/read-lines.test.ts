import { describe, expect, it } from 'vitest';
import { readLines } from './read-lines.js';

const TEXT = 'one\r\ntwo: Größe\n\nfour: データ\nlast';
const LINES = ['one', 'two: Größe', '', 'four: データ', 'last'];

async function read(pieces: Iterable<Uint8Array>): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(
    (async function* () {
      yield* pieces;
    })(),
  ))
    lines.push(line);
  return lines;
}

describe('readLines', () => {
  it('reads the same lines wherever the pieces are cut, also inside a character', async () => {
    const bytes = new TextEncoder().encode(TEXT);
    for (let size = 1; size <= bytes.length; size += 1) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.slice(index * size, (index + 1) * size),
      );
      expect(await read(pieces)).toEqual(LINES);
    }
  });

  it('throws what the source throws, after the lines before', async () => {
    const failure = new Error('connection lost');
    const lines: string[] = [];
    const reading = async () => {
      const source = (async function* () {
        yield Buffer.from('one\ntw');
        throw failure;
      })();
      for await (const line of readLines(source)) lines.push(line);
    };
    await expect(reading()).rejects.toBe(failure);
    expect(lines).toEqual(['one']);
  });

  it('has no line for a text that is empty or ends with a line break', async () => {
    expect(await read([])).toEqual([]);
    expect(await read([Buffer.from('one\n')])).toEqual(['one']);
  });
});
