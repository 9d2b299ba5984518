import { type FileHandle, open, readFile } from 'node:fs/promises';
import { BatchError } from './errors.js';

/** A step that was taken, or is about to be. */
export type JournalEntry =
  /** The records stand in the bucket; the job is about to be created, under this token and no other. */
  | {
      readonly step: 'staged';
      readonly token: string;
      /** Hash of what the job is about: the same records for the same model and place are the same job. */
      readonly digest: string;
      /** Key of the input file. */
      readonly key: string;
      readonly model: string;
      readonly recordType: 'Converse' | 'InvokeModel';
      readonly records: number;
    }
  /** The job was accepted. */
  | { readonly step: 'created'; readonly token: string; readonly jobArn: string }
  /** The job ended as `status`. */
  | { readonly step: 'ended'; readonly token: string; readonly status: string }
  /** Budgets hold what the jobs that follow can cost, under this token, since `at` (milliseconds since the epoch). */
  | { readonly step: 'reserved'; readonly token: string; readonly at: number; readonly picoUsd: string }
  /** What the jobs have cost is booked in its place. */
  | { readonly step: 'settled'; readonly token: string };

/** Where a batch writes each step down, so that another process can go on after a crash. */
export interface Journal {
  /** Resolves once the entry will survive a crash. */
  append(entry: JournalEntry): Promise<void>;
  /** All entries, oldest first. */
  entries(): Promise<readonly JournalEntry[]>;
}

/** A journal within this process. */
export function memoryJournal(): Journal {
  const entries: JournalEntry[] = [];
  return {
    append: (entry) => {
      entries.push(entry);
      return Promise.resolve();
    },
    entries: () => Promise.resolve([...entries]),
  };
}

const STEPS: ReadonlySet<unknown> = new Set(['staged', 'created', 'ended', 'reserved', 'settled']);

function readEntry(line: string): JournalEntry | undefined {
  try {
    const entry = JSON.parse(line) as JournalEntry | null;
    return STEPS.has(entry?.step) && typeof entry?.token === 'string' ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** Where the next entry begins: behind the last whole line. A crash may have cut the line after it. */
async function endOfEntries(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: Math.max(0, size - 1) });
  if (size === 0 || buffer[0] === NEWLINE) return size;
  return (await file.readFile()).lastIndexOf(NEWLINE) + 1;
}

const NEWLINE = 0x0a;

/**
 * A journal in a file of JSON lines, each on disk (fsync) before the step after it is taken. A last line that was
 * cut by a crash is left out and written over; a broken line before it is an error.
 *
 * One process at a time: two that run the same batch would pay it twice.
 *
 * @throws {@link BatchError} `COSTKIT_BATCH_JOURNAL_INVALID` from `entries`, when a line is broken.
 *
 * @example
 * ```ts
 * const batch = createBatch({ bedrock, s3, bucket, roleArn, model, journal: fileJournal('nightly.journal') });
 * ```
 */
export function fileJournal(path: string): Journal {
  return {
    append: async (entry) => {
      // Not "append": on some systems that ignores positions.
      const file = await open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return open(path, 'w+');
        throw error;
      });
      try {
        const position = await endOfEntries(file);
        await file.truncate(position);
        await file.write(`${JSON.stringify(entry)}\n`, position);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    entries: async () => {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
      const lines = text.split('\n');
      // What stands behind the last line break was cut by a crash, and is no step that was taken.
      return lines.slice(0, -1).map((line, index) => {
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
