import { type FileHandle, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BatchError } from './errors.js';
import { type Journal, readEntry } from './journal.js';

const NEWLINE = 0x0a;

/** Where the next entry begins: behind the last whole line. A crash may have cut the line after it. */
async function endOfEntries(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: Math.max(0, size - 1) });
  if (size === 0 || buffer[0] === NEWLINE) return size;
  return (await file.readFile()).lastIndexOf(NEWLINE) + 1;
}

/** A new file is on disk only once its folder is. */
async function syncFolderOf(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const taken = (): BatchError =>
  new BatchError(
    'COSTKIT_BATCH_JOURNAL_TAKEN',
    'another process has written to this journal. Let one process run a batch at a time, or give each batch a journal of its own',
  );

/**
 * A journal in a file of JSON lines, each on disk (fsync) before the step after it is taken. A last line that was
 * cut by a crash is left out and written over; a broken line before it is an error.
 *
 * One process at a time: an entry that another has written since is an error.
 *
 * @throws {@link BatchError} `COSTKIT_BATCH_JOURNAL_INVALID` from `entries`, when a line is broken, and
 * `COSTKIT_BATCH_JOURNAL_TAKEN` from `append`.
 *
 * @example
 * ```ts
 * const batch = createBatch({ bedrock, s3, bucket, roleArn, model, journal: fileJournal('nightly.journal') });
 * ```
 */
export function fileJournal(path: string): Journal {
  /** Where this process has read or written last. */
  let known: number | undefined;
  let last: Promise<void> = Promise.resolve();

  const write = async (text: string): Promise<void> => {
    // Not "append": on some systems that ignores positions.
    const file = await open(path, 'r+').catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      const made = await open(path, 'w+');
      await syncFolderOf(path);
      return made;
    });
    try {
      const position = await endOfEntries(file);
      if (known !== undefined && position !== known) throw taken();
      await file.truncate(position);
      const { bytesWritten } = await file.write(text, position);
      await file.sync();
      // Of two that have found the same end, at the same time, the last has written over the other.
      const buffer = Buffer.alloc(bytesWritten);
      await file.read({ buffer, position });
      if (buffer.toString() !== text) throw taken();
      known = position + bytesWritten;
    } finally {
      await file.close();
    }
  };

  return {
    append: (entry) => {
      const next = last.then(() => write(`${JSON.stringify(entry)}\n`));
      last = next.catch(() => undefined);
      return next;
    },
    entries: async () => {
      await last;
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      known = Buffer.byteLength(whole);
      // What stands behind the last line break was cut by a crash, and is no step that was taken.
      return whole
        .split('\n')
        .slice(0, -1)
        .map((line, index) => {
          const entry = readEntry(line);
          if (entry !== undefined) return entry;
          throw new BatchError(
            'COSTKIT_BATCH_JOURNAL_INVALID',
            `line ${index + 1} of the journal is broken. Restore the file, or remove it and start the batch anew`,
          );
        });
    },
  };
}
