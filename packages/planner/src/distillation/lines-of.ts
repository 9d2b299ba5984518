import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/**
 * The lines of a file, unpacked where its name ends in `.gz`. What goes wrong below reaches the reader, and a reader who
 * leaves early closes the file: readline promises neither.
 */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  // Errors come out of the iteration.
  const bytes = path.endsWith('.gz') ? pipeline(file, createGunzip(), () => undefined) : file;
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
