import { randomUUID } from 'node:crypto';
import { BatchError } from './errors.js';
import { type Journal, type JournalEntry, readEntry } from './journal.js';

/** Texts under consecutive numbers from 1, each written once and never changed. */
export interface NumberedTexts {
  /** Writes a text where none is yet; `false` where there is one. Resolves once it will survive a crash. */
  writeNew(number: number, text: string): Promise<boolean>;
  /** The text under a number. */
  read(number: number): Promise<string | undefined>;
  /** All texts, in the order of their numbers. */
  all(): Promise<readonly string[]>;
}

/** A journal whose entries stand in a store that writes a number only once: two processes cannot both go on. */
export function numberedJournal(texts: NumberedTexts): Journal {
  let next: number | undefined;
  let last: Promise<void> = Promise.resolve();

  const parse = (text: string, number: number): JournalEntry => {
    const entry = readEntry(text);
    if (entry !== undefined) return entry;
    throw new BatchError(
      'COSTKIT_BATCH_JOURNAL_INVALID',
      `entry ${number} of the journal is broken. Restore it, or name another journal and start the batch anew`,
    );
  };

  const write = async (entry: JournalEntry): Promise<void> => {
    next ??= (await texts.all()).length + 1;
    // Tells an entry of this process, whose answer got lost on the way, from that of another.
    const text = JSON.stringify({ ...entry, nonce: randomUUID() });
    if (!(await texts.writeNew(next, text)) && (await texts.read(next)) !== text) {
      throw new BatchError(
        'COSTKIT_BATCH_JOURNAL_TAKEN',
        'another process has written to this journal. Let one process run a batch at a time, or give each batch a journal of its own',
      );
    }
    next += 1;
  };

  return {
    append: (entry) => {
      const written = last.then(() => write(entry));
      last = written.catch(() => undefined);
      return written;
    },
    entries: async () => {
      await last;
      const all = await texts.all();
      next = all.length + 1;
      return all.map((text, index) => {
        const { nonce: _, ...entry } = parse(text, index + 1) as JournalEntry & { nonce?: string };
        return entry as JournalEntry;
      });
    },
  };
}
