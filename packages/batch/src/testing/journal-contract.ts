import assert from 'node:assert/strict';
import type { Journal, JournalEntry } from '../journal.js';

/** What the suite needs to know of a journal. */
export interface JournalContractOptions {
  /**
   * Opens a journal, as a process does that knows nothing yet.
   *
   * @param name - the same name opens the same journal again.
   */
  readonly open: (name: string) => Journal | Promise<Journal>;
}

/** One rule of the suite, for any test runner. */
export interface JournalContractCase {
  readonly name: string;
  /** Throws an `AssertionError` when the rule is broken. */
  readonly run: () => Promise<void>;
}

const entryOf = (index: number): JournalEntry => ({
  step: 'created',
  batch: 'bätch \u2028 语',
  token: `token-${index}`,
  jobArn: `arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/${index}`,
});

/**
 * What every journal does, ours or yours: what was appended survives, in order, and of two processes only one goes on.
 *
 * @example
 * ```ts
 * const cases = journalContract({ open: (name) => fileJournal(join(folder, name)) });
 * describe('fileJournal', () => {
 *   it.each(cases)('$name', ({ run }) => run());
 * });
 * ```
 */
export function journalContract({ open }: JournalContractOptions): readonly JournalContractCase[] {
  return [
    {
      name: 'is empty before anything is appended',
      run: async () => {
        assert.deepEqual(await (await open('empty')).entries(), []);
      },
    },
    {
      name: 'remembers what was appended, in order, in another process too',
      run: async () => {
        const journal = await open('order');
        const entries = Array.from({ length: 25 }, (_, index) => entryOf(index));
        for (const entry of entries) await journal.append(entry);
        assert.deepEqual(await journal.entries(), entries);
        assert.deepEqual(await (await open('order')).entries(), entries);
      },
    },
    {
      name: 'keeps entries apart that are appended without waiting',
      run: async () => {
        const journal = await open('at-once');
        const entries = Array.from({ length: 25 }, (_, index) => entryOf(index));
        await Promise.all(entries.map((entry) => journal.append(entry)));
        assert.deepEqual(await (await open('at-once')).entries(), entries);
      },
    },
    {
      name: 'goes on behind what another process has written and this one has read',
      run: async () => {
        await (await open('after')).append(entryOf(0));
        const journal = await open('after');
        await journal.entries();
        await journal.append(entryOf(1));
        assert.deepEqual(await (await open('after')).entries(), [entryOf(0), entryOf(1)]);
      },
    },
    {
      name: 'refuses to go on behind what another process has written unseen, and loses nothing of it',
      run: async () => {
        const [one, other] = [await open('fence'), await open('fence')];
        await Promise.all([one.entries(), other.entries()]);
        await one.append(entryOf(0));
        await assert.rejects(other.append(entryOf(1)), { code: 'COSTKIT_BATCH_JOURNAL_TAKEN' });
        await one.append(entryOf(2));
        assert.deepEqual(await (await open('fence')).entries(), [entryOf(0), entryOf(2)]);
      },
    },
    {
      name: 'hands out copies',
      run: async () => {
        const journal = await open('copies');
        await journal.append(entryOf(0));
        const before = await journal.entries();
        await journal.append(entryOf(1));
        assert.equal(before.length, 1);
      },
    },
    {
      name: 'keeps journals of other names apart',
      run: async () => {
        await (await open('mine')).append(entryOf(0));
        assert.deepEqual(await (await open('min')).entries(), []);
      },
    },
  ];
}
