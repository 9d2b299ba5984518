import { open, readFile } from 'node:fs/promises';
import { BatchError } from './errors.js';

/** A step that was taken, or is about to be. */
export type JournalEntry =
  /** The records stand in the bucket. */
  | {
      readonly step: 'staged';
      readonly shard: number;
      readonly key: string;
      readonly records: number;
      readonly token: string;
    }
  /** The job was accepted. */
  | { readonly step: 'created'; readonly shard: number; readonly jobArn: string }
  /** The job ended; its output can be read. */
  | { readonly step: 'ended'; readonly shard: number; readonly status: string };

/** Where a batch writes each step down, so that another process can go on after a crash. */
export interface Journal {
  /** Resolves when the entry is safe. */
  append(entry: JournalEntry): Promise<void>;
  /** All entries so far, oldest first. */
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

/**
 * A journal in a file of JSON lines, each on disk (fsync) before the step after it is taken. A last line that was
 * cut by a crash is left out; a broken line before it is an error.
 *
 * @example
 * ```ts
 * const batch = createBatch({ bedrock, s3, bucket, roleArn, model, journal: fileJournal('nightly.journal') });
 * ```
 */
export function fileJournal(path: string): Journal {
  return {
    append: async (entry) => {
      const file = await open(path, 'a');
      try {
        await file.write(`${JSON.stringify(entry)}\n`);
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
      return lines.flatMap((line, index) => {
        if (line === '') return [];
        try {
          return [JSON.parse(line) as JournalEntry];
        } catch (cause) {
          if (index === lines.length - 1) return [];
          throw new BatchError(
            'COSTKIT_BATCH_JOURNAL_INVALID',
            `line ${index + 1} of the journal is broken. Restore the file, or remove it and start the batch anew`,
            { cause },
          );
        }
      });
    },
  };
}
