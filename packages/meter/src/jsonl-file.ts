import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';

/** A file that lines are appended to. */
export interface JsonlFile {
  /** Whether an earlier append left a part of its lines to be written. */
  readonly behind: boolean;
  /** Whether the path leads to another file by now, or to none: it was deleted or moved, e.g. by log rotation. */
  isGone(): Promise<boolean>;
  /** How many bytes the file holds. */
  bytes(): Promise<number>;
  /** Writes what an earlier append left, then the lines. */
  append(lines: string): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** How {@link openJsonlFile} opens a file. */
export interface JsonlFileOpening {
  /** Permissions of a file that is created. */
  readonly permissions: number;
  /** Fails with `EEXIST` where the file is there already. */
  readonly mustBeNew?: boolean;
  /** Told when the file ends in half a line that is not ours: of a crash, or of another process. */
  readonly onCut: () => void;
}

const NEWLINE = 0x0a;
const NOTHING: Uint8Array = new Uint8Array();

async function endsMidLine(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer } = await file.read(new Uint8Array(1), 0, 1, size - 1);
  return buffer[0] !== NEWLINE;
}

/**
 * Opens a file to append whole lines to. Half a line of a crash, of a full disk or of another process is ended
 * before the next line begins, so that it never takes a whole one with it. Of our own half line the rest is
 * written, or, where somebody has written behind it, all of it again.
 */
export async function openJsonlFile(path: string, opening: JsonlFileOpening): Promise<JsonlFile> {
  const file = await open(path, opening.mustBeNew === true ? 'ax+' : 'a+', opening.permissions);
  // Begins with a line, of which the first `written` bytes are in the file, which then had `endsAt` bytes.
  let lines: Uint8Array = NOTHING;
  let written = 0;
  let endsAt = 0;

  /** What is written must stand on lines of its own, whatever happened to the file since the last time. */
  const startOnOwnLine = async (): Promise<number> => {
    const { size } = await file.stat();
    if (written > 0 && size === endsAt) return size;
    written = 0;
    if (await endsMidLine(file, size)) {
      lines = Buffer.concat([Uint8Array.of(NEWLINE), lines]);
      opening.onCut();
    }
    return size;
  };

  return {
    get behind() {
      return lines.length > 0;
    },
    isGone: async () => {
      const [ours, there] = await Promise.all([
        file.stat({ bigint: true }),
        stat(path, { bigint: true }).catch(() => undefined),
      ]);
      return there?.ino !== ours.ino || there.dev !== ours.dev;
    },
    bytes: async () => (await file.stat()).size,
    append: async (more) => {
      lines = Buffer.concat([lines, Buffer.from(more)]);
      const startsAt = (await startOnOwnLine()) - written;
      try {
        // A full disk may take a part of a line.
        while (written < lines.length) written += (await file.write(lines, written)).bytesWritten;
      } catch (error) {
        endsAt = startsAt + written;
        const lineStart = written === 0 ? 0 : lines.lastIndexOf(NEWLINE, written - 1) + 1;
        lines = lines.subarray(lineStart);
        written -= lineStart;
        throw error;
      }
      lines = NOTHING;
      written = 0;
    },
    sync: () => file.sync(),
    close: () => file.close(),
  };
}
