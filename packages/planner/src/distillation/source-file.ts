import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A file of a source, wherever it is. */
export interface SourceFile {
  /** Path or address, for messages. */
  readonly name: string;
  /** Its bytes, as they are kept. */
  bytes(): NodeJS.ReadableStream | Promise<NodeJS.ReadableStream>;
}

/**
 * The lines of a file, unpacked where its name ends in `.gz`. What goes wrong below reaches the reader, and a reader who
 * leaves early closes the file: readline promises neither.
 */
export async function* linesOf(file: SourceFile): AsyncGenerator<string> {
  const packed = await file.bytes();
  // Errors come out of the iteration.
  const bytes = file.name.endsWith('.gz') ? pipeline(packed, createGunzip(), () => undefined) : packed;
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk as unknown as Uint8Array, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

/** All of a file. */
export async function textOf(file: SourceFile): Promise<string> {
  const lines: string[] = [];
  for await (const line of linesOf(file)) lines.push(line);
  return lines.join('\n');
}
