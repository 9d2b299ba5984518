import { describe, expect, it } from 'vitest';
import { type JsonlLine, jsonlLines } from './jsonl-lines.js';

const lines = async (...chunks: (string | Uint8Array)[]): Promise<JsonlLine[]> => {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const found: JsonlLine[] = [];
  for await (const line of jsonlLines(bytes())) found.push(line);
  return found;
};

describe('jsonlLines', () => {
  it('counts blank lines and leaves them out', async () => {
    expect(await lines('a\n\n  \nb')).toEqual([
      { number: 1, text: 'a' },
      { number: 4, text: 'b' },
    ]);
  });

  it('takes Windows line ends, a byte-order mark and a last line without end', async () => {
    expect(await lines('\ufeffa\r\nb\r\n')).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: 'b' },
    ]);
  });

  it('joins characters that are cut between chunks', async () => {
    const bytes = Buffer.from('grün\n😀');
    const chunks = [...bytes].map((byte) => Uint8Array.of(byte));
    expect((await lines(...chunks)).map(({ text }) => text)).toEqual(['grün', '😀']);
  });

  it('finds nothing in nothing', async () => {
    expect(await lines()).toEqual([]);
    expect(await lines('\n\n')).toEqual([]);
  });
});
