import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { createSpool, type Spool } from './spool.js';

let spool: Spool<string>;
afterEach(() => spool.close());

const own = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('costkit-embeddings-'));

async function piecesOf(): Promise<(readonly string[])[]> {
  const pieces: (readonly string[])[] = [];
  for await (const piece of spool.read()) pieces.push(piece);
  return pieces;
}

describe('createSpool', () => {
  it.each([1, 40, 1_000_000])(
    'gives back what it was given, as often as it is read, with %i held',
    async (held) => {
      spool = createSpool(held);
      const pieces = Array.from({ length: 20 }, (_, number) => [`${number}`, 'line\u2028break\n', '漢字 🙂']);
      for (const piece of pieces) await spool.append(piece);
      expect(await piecesOf()).toEqual(pieces);
      await spool.append(['late']);
      expect(await piecesOf()).toEqual([...pieces, ['late']]);
    },
  );

  it.skipIf(process.platform === 'win32')('leaves no file behind, even if it is killed', async () => {
    const before = own();
    spool = createSpool(1);
    await spool.append(['a text that nobody else should find']);
    expect(own()).toEqual(before);
  });
});
