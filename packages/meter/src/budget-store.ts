import type { BudgetAccount } from './budget.js';

/** What an account holds, in pico-dollars. */
export interface BudgetBalance {
  /** Booked in the period, and what was held for calls of which nothing was heard again. */
  readonly spentPicoUsd: bigint;
  /** Held for calls that are on their way. */
  readonly reservedPicoUsd: bigint;
}

/** An amount in one or more accounts, under a name by which a store knows it again when it is told twice. */
export interface BudgetEntry {
  /** Unique among all processes. */
  readonly id: string;
  /** The accounts that the amount stands in, in full in each of them. */
  readonly accounts: readonly BudgetAccount[];
  /** 0 or more for a reservation; a booking that corrects an earlier one may be negative. */
  readonly picoUsd: bigint;
}

/** The answer to a reservation: `refusedBy` is the first account without room. */
export type ReserveOutcome =
  | { readonly reserved: true }
  | { readonly reserved: false; readonly refusedBy: BudgetAccount; readonly balance: BudgetBalance };

/**
 * Where budgets keep their balances; an implementation may share them between processes.
 *
 * A reservation is a lease. What is not settled in its time, because the process has died, counts as spent at
 * the amount that was reserved; a settlement that comes later corrects it. Whoever is told the same entry
 * twice, because an answer got lost on the way, counts it once.
 *
 * `budgetStoreContract` of `@costkit/meter/testing` tests an implementation.
 */
export interface BudgetStore {
  /**
   * Holds an amount in all accounts or in none. Accounts whose action is `alert` never refuse. For each account
   * the check and the booking must be one step: looking first and booking later lets parallel calls overrun.
   * A promise is rejected, in bounded time, when it is not known whether the amount is held.
   */
  reserve(entry: BudgetEntry): ReserveOutcome | Promise<ReserveOutcome>;
  /**
   * Releases what is held for an entry and books what was spent. An entry that is not held, be it that it was
   * settled before or never arrived, changes nothing. A promise that is rejected is asked for again.
   */
  settle(entry: BudgetEntry, spentPicoUsd: bigint): void | Promise<void>;
  /**
   * Books an amount for which nothing was reserved. A promise that is rejected is asked for again, of the same store,
   * which then counts it once.
   */
  book(entry: BudgetEntry): void | Promise<void>;
  /** The balance as this process last saw it; nothing spent for an account that it has not seen yet. */
  balance(account: BudgetAccount): BudgetBalance;
  /** Asks a shared store what these accounts hold, for `balance`. */
  refresh?(accounts: readonly BudgetAccount[]): Promise<void>;
  /** Awaited before a process's first call: time to connect, and to learn what time it is there. */
  open?(): Promise<void>;
  /**
   * How far the clock of a shared store is ahead of this machine's, in milliseconds. It decides to which period
   * a call belongs, so that processes whose clocks differ count in the same one.
   *
   * @defaultValue 0
   */
  readonly clockOffsetMs?: number;
}
