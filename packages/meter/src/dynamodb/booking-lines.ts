import { accountKey } from '../account-key.js';
import type { BudgetAccount } from '../budget.js';
import type { BudgetEntry } from '../budget-store.js';
import { createTakenEntries } from './taken-entries.js';

/** Bookings that are written as one. */
interface Sum {
  /** Larger than those of all sums before it. */
  readonly mark: number;
  readonly picoUsd: bigint;
  readonly ids: ReadonlySet<string>;
}

/** What waits in one account. */
interface Line {
  /** Amounts that no write has borne yet, by the id of their entry. */
  next: Map<string, bigint>;
  /** What is being written, or was and may have arrived: nothing else is written before it is known to be there. */
  unsure: Sum | undefined;
  writing: Promise<void> | undefined;
}

/** Bookings of one process. */
export interface BookingLines {
  /** Resolves once the account has the amount; told again after a failure, it is counted once. */
  book(account: BudgetAccount, entry: BudgetEntry): Promise<void>;
}

/**
 * Writes one sum at a time to each account, and meanwhile adds up what comes next. So one mark in the account says for all
 * bookings of a process which of them it has, however many come in a second.
 *
 * @param write - adds to an account, unless it has this mark or a larger one already.
 */
export function createBookingLines(
  write: (account: BudgetAccount, picoUsd: bigint, mark: number) => Promise<void>,
  now: () => number,
): BookingLines {
  const lines = new Map<string, Line>();
  const taken = createTakenEntries();
  let lastMark = 0;

  const sumOf = (line: Line): Sum => {
    lastMark = Math.max(lastMark + 1, Math.floor(now()));
    let picoUsd = 0n;
    for (const amount of line.next.values()) picoUsd += amount;
    const sum = { mark: lastMark, picoUsd, ids: new Set(line.next.keys()) };
    line.next = new Map();
    return sum;
  };

  const writeNext = async (account: BudgetAccount, line: Line): Promise<void> => {
    line.unsure ??= sumOf(line);
    const { picoUsd, mark, ids } = line.unsure;
    await write(account, picoUsd, mark);
    line.unsure = undefined;
    for (const id of ids) taken.add(account, id);
  };

  return {
    book: async (account, { id, picoUsd }) => {
      if (taken.has(account, id)) return;
      const key = accountKey(account);
      const line = lines.get(key) ?? { next: new Map(), unsure: undefined, writing: undefined };
      lines.set(key, line);
      if (line.unsure?.ids.has(id) !== true) line.next.set(id, picoUsd);
      while (line.next.has(id) || line.unsure?.ids.has(id) === true) {
        line.writing ??= writeNext(account, line).finally(() => {
          line.writing = undefined;
        });
        await line.writing;
      }
      const over = line.next.size === 0 && line.unsure === undefined;
      // Another caller may have ended this line, and a new one have begun.
      if (over && lines.get(key) === line) lines.delete(key);
    },
  };
}
