import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/** What can be seen of a file without knowing what it holds. */
export interface FileLines {
  /** Lines that are not empty. */
  readonly lines: number;
  /** A gzip stream without its end: what stood behind is lost. */
  readonly isCutOff: boolean;
}

const NEWLINE = 10;
const RETURN = 13;

/** Looks through a file, unpacked where its name says so. */
export async function linesOfFile(file: string): Promise<FileLines> {
  let lines = 0;
  let hasText = false;
  const count = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) {
      for (let from = 0; from < chunk.length; ) {
        const newline = chunk.indexOf(NEWLINE, from);
        const end = newline < 0 ? chunk.length : newline;
        if (end - from > 1 || (end - from === 1 && chunk[from] !== RETURN)) hasText = true;
        if (newline >= 0) {
          if (hasText) lines += 1;
          hasText = false;
        }
        from = end + 1;
      }
    }
  };
  const bytes = createReadStream(file);
  try {
    await (file.endsWith('.gz') ? pipeline(bytes, createGunzip(), count) : pipeline(bytes, count));
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw error;
    return { lines, isCutOff: true };
  }
  return { lines: hasText ? lines + 1 : lines, isCutOff: false };
}
