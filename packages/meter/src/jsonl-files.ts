import { randomBytes } from 'node:crypto';
import { readdir, unlink } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { type JsonlFile, type JsonlFileOpening, openJsonlFile } from './jsonl-file.js';

/** The file that the next lines belong to, which may be another one each time. */
export interface JsonlFiles {
  /** Opens it where it is not open. */
  current(): Promise<JsonlFile>;
  /** Makes what was written safe. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** When {@link rotatingFiles} begins a new file, and how many it keeps. */
export interface RotatingFilesOptions {
  readonly maxBytes: number;
  readonly maxFiles: number;
  /** The time, in milliseconds since the epoch. */
  readonly now: () => number;
}

/** Keeps a file open until it must be left, and then opens the next. */
function filesThat(
  mustLeave: (file: JsonlFile) => Promise<boolean>,
  openNext: () => Promise<JsonlFile>,
): JsonlFiles {
  let file: JsonlFile | undefined;
  const close = async (): Promise<void> => {
    const closing = file;
    file = undefined;
    await closing?.close();
  };
  return {
    current: async () => {
      // Half a line is ended in the file that it began in.
      if (file?.behind === false && (await mustLeave(file))) await close();
      file ??= await openNext();
      return file;
    },
    sync: async () => file?.sync(),
    close,
  };
}

/** One file, which may be shared with other processes. Where it was deleted or moved, it is created anew. */
export function oneFile(path: string, opening: JsonlFileOpening): JsonlFiles {
  return filesThat(
    (file) => file.isGone(),
    () => openJsonlFile(path, opening),
  );
}

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** `receipts.2026-11-22T10-15-00.123Z.9f86d081.jsonl`: in the order of time, also among several processes. */
function namesBeside(path: string): {
  readonly next: (atMs: number) => string;
  readonly isOne: (name: string) => boolean;
} {
  const extension = extname(path);
  const stem = `${basename(path, extension)}.`;
  const middle = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z\.[0-9a-f]{8}$/;
  return {
    next: (atMs) =>
      `${stem}${new Date(atMs).toISOString().replaceAll(':', '-')}.${randomBytes(4).toString('hex')}${extension}`,
    isOne: (name) =>
      name.startsWith(stem) &&
      name.endsWith(extension) &&
      middle.test(name.slice(stem.length, name.length - extension.length)),
  };
}

/**
 * Files of our own beside `path`, a new one each day (UTC) and whenever one is full; of all processes' files in the
 * folder the oldest are deleted. No file is ever written to by two processes.
 */
export function rotatingFiles(
  path: string,
  opening: JsonlFileOpening,
  { maxBytes, maxFiles, now }: RotatingFilesOptions,
): JsonlFiles {
  const folder = dirname(path);
  const names = namesBeside(path);
  let day = '';

  const deleteOldest = async (current: string): Promise<void> => {
    const present = (await readdir(folder)).filter(names.isOne).sort();
    const surplus = present
      .slice(0, Math.max(0, present.length - maxFiles))
      .filter((name) => name !== current);
    // Another process may be about the same.
    await Promise.all(surplus.map((name) => unlink(join(folder, name)).catch(() => undefined)));
  };

  return filesThat(
    async (file) => dayOf(now()) !== day || (await file.bytes()) >= maxBytes || (await file.isGone()),
    async () => {
      const atMs = now();
      const name = names.next(atMs);
      const file = await openJsonlFile(join(folder, name), { ...opening, mustBeNew: true });
      day = dayOf(atMs);
      await deleteOldest(name).catch(() => undefined);
      return file;
    },
  );
}
