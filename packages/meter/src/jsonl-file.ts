import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';

/** A file that lines are appended to. */
export interface JsonlFile {
  /** Whether an earlier append left a part of its lines to be written. */
  readonly behind: boolean;
  /** Whether the path leads to another file by now, or to none: it was deleted or moved, e.g. by log rotation. */
  isGone(): Promise<boolean>;
  /** Writes what an earlier append left, then the lines. */
  append(lines: string): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

const NEWLINE = 0x0a;

async function endsMidLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(new Uint8Array(1), 0, 1, size - 1);
  return buffer[0] !== NEWLINE;
}

/**
 * Opens a file to append lines to. One that was cut in the middle of a line is continued on a new line.
 *
 * @param onCut - told when the file was cut.
 */
export async function openJsonlFile(
  path: string,
  permissions: number,
  onCut: () => void,
): Promise<JsonlFile> {
  const file = await open(path, 'a+', permissions);
  let unwritten: Uint8Array = new Uint8Array();
  try {
    if (await endsMidLine(file)) {
      unwritten = Uint8Array.of(NEWLINE);
      onCut();
    }
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    get behind() {
      return unwritten.length > 0;
    },
    isGone: async () => {
      const [ours, there] = await Promise.all([
        file.stat({ bigint: true }),
        stat(path, { bigint: true }).catch(() => undefined),
      ]);
      return there?.ino !== ours.ino || there.dev !== ours.dev;
    },
    append: async (lines) => {
      unwritten = Buffer.concat([unwritten, Buffer.from(lines)]);
      // A full disk may take a part of a line: what is left is written first, next time.
      while (unwritten.length > 0) {
        const { bytesWritten } = await file.write(unwritten);
        unwritten = unwritten.subarray(bytesWritten);
      }
    },
    sync: () => file.sync(),
    close: () => file.close(),
  };
}
