import { accountKey } from './account-key.js';
import type { BudgetAccount } from './budget.js';
import { createBudgetEntry } from './budget-entry.js';
import type { BudgetEntry, BudgetStore } from './budget-store.js';

/** Brings settlements and bookings to a store, off the calls' way, and repeats them until it has them. */
export interface SettlementOutbox {
  /** Releases what an entry holds and books what was spent. */
  settle(entry: BudgetEntry, spentPicoUsd: bigint): void;
  /** Books what nothing was reserved for. */
  book(entry: BudgetEntry): void;
  /** The store answers: what waits for it is brought now. */
  answered(): void;
  /** Waits until the store has everything, but no longer than `timeoutMs`. */
  flush(timeoutMs: number): Promise<void>;
}

/** Who is told what becomes of settlements. */
export interface OutboxWatcher {
  /** The store has a settlement of these accounts. */
  onDelivered(accounts: readonly BudgetAccount[]): void;
  /** The store did not take one; told with every attempt. */
  onFailed(error: unknown): void;
}

/** A settlement, or a booking where `spentPicoUsd` is `undefined`. */
interface Statement {
  readonly entry: BudgetEntry;
  readonly spentPicoUsd: bigint | undefined;
}

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 10_000;
const FLUSH_RETRY_MS = 50;
const AT_ONCE = 32;

/**
 * Statements that wait for a store which is away. A settlement beyond them stays booked at its reservation;
 * bookings of the same accounts wait as one.
 */
const MOST_WAITING = 10_000;

export function createSettlementOutbox(store: BudgetStore, watcher: OutboxWatcher): SettlementOutbox {
  const onTheirWay = new Set<Promise<unknown>>();
  const waiting = new Map<string, Statement>();
  let retryMs = FIRST_RETRY_MS;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let draining: Promise<void> | undefined;

  const tell = ({ entry, spentPicoUsd }: Statement): void | Promise<void> =>
    spentPicoUsd === undefined ? store.book(entry) : store.settle(entry, spentPicoUsd);

  const wait = (key: string, statement: Statement): void => {
    if (waiting.size >= MOST_WAITING && !waiting.has(key)) return;
    waiting.set(key, statement);
    // A process may end meanwhile: what was reserved then counts as spent.
    retry ??= setTimeout(drain, retryMs).unref();
  };

  /** What was tried may have arrived, so it keeps its name; what was not is added to its like. */
  const waitUntried = (statement: Statement): void => {
    const { entry, spentPicoUsd } = statement;
    if (spentPicoUsd !== undefined) {
      wait(entry.id, statement);
      return;
    }
    const key = entry.accounts.map(accountKey).join('\n\n');
    const sum = (waiting.get(key)?.entry.picoUsd ?? 0n) + entry.picoUsd;
    wait(key, { entry: createBudgetEntry(entry.accounts, sum), spentPicoUsd });
  };

  const refused = (statement: Statement, error: unknown): void => {
    wait(statement.entry.id, statement);
    retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
    watcher.onFailed(error);
  };

  const arrive = async (statement: Statement, told: Promise<void>): Promise<boolean> => {
    try {
      await told;
      retryMs = FIRST_RETRY_MS;
      watcher.onDelivered(statement.entry.accounts);
      return true;
    } catch (error) {
      refused(statement, error);
      return false;
    }
  };

  const drainAll = async (): Promise<void> => {
    // One first: while the store is away, the others need not ask.
    for (let size = 1; waiting.size > 0; size = AT_ONCE) {
      const batch = [...waiting].slice(0, size);
      for (const [key] of batch) waiting.delete(key);
      const arrived = await Promise.all(
        batch.map(([, statement]) => arrive(statement, (async () => tell(statement))())),
      );
      if (arrived.includes(false)) return;
    }
  };

  const drain = (): Promise<void> => {
    if (draining !== undefined) return draining;
    clearTimeout(retry);
    retry = undefined;
    draining = drainAll().finally(() => {
      draining = undefined;
    });
    return draining;
  };

  const send = (statement: Statement): void => {
    if (waiting.size > 0) {
      waitUntried(statement);
      return;
    }
    try {
      const told = tell(statement);
      if (told === undefined) {
        watcher.onDelivered(statement.entry.accounts);
        return;
      }
      const arrival = arrive(statement, told).finally(() => onTheirWay.delete(arrival));
      onTheirWay.add(arrival);
    } catch (error) {
      refused(statement, error);
    }
  };

  return {
    settle: (entry, spentPicoUsd) => send({ entry, spentPicoUsd }),
    book: (entry) => send({ entry, spentPicoUsd: undefined }),
    answered: () => {
      if (waiting.size > 0) void drain();
    },
    flush: (timeoutMs) =>
      new Promise((resolve) => {
        let over = false;
        let pause: (() => void) | undefined;
        const end = (): void => {
          over = true;
          pause?.();
          resolve();
        };
        const timer = setTimeout(end, timeoutMs);
        const work = async (): Promise<void> => {
          while (!over && (onTheirWay.size > 0 || waiting.size > 0)) {
            await Promise.all(onTheirWay);
            await drain();
            if (waiting.size > 0)
              await new Promise<void>((next) => {
                pause = next;
                setTimeout(next, FLUSH_RETRY_MS).unref();
              });
          }
        };
        void work().then(() => {
          clearTimeout(timer);
          end();
        });
      }),
  };
}
