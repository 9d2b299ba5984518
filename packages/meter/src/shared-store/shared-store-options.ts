import { type Clock, isPositiveInteger, type OptionChecks } from '@costkit/core';
import { hasMethods } from '../has-methods.js';

/** What every store takes that processes share. */
export interface SharedStoreOptions {
  /**
   * Milliseconds after which a reservation that nothing was heard of counts as spent: its process has died, or
   * its call takes longer. A settlement that comes later corrects it.
   *
   * @defaultValue 900_000
   */
  readonly leaseMs?: number;
  /** Longest that an answer of the server is waited for, in milliseconds. @defaultValue 2_000 */
  readonly timeoutMs?: number;
  /** Accounts whose last seen balance is remembered for `remaining`. @defaultValue 10_000 */
  readonly maxSeenAccounts?: number;
  /**
   * The time of all reservations, in place of the server's own: for tests. Processes that share a store must then
   * agree on it.
   *
   * @defaultValue the server's clock
   */
  readonly clock?: Clock;
}

/** How long an answer is waited for. */
export const DEFAULT_TIMEOUT_MS = 2_000;
/** Accounts whose balance is remembered. */
export const DEFAULT_SEEN_ACCOUNTS = 10_000;

/** The checks of {@link SharedStoreOptions}. */
export const SHARED_STORE_CHECKS: OptionChecks<SharedStoreOptions> = {
  leaseMs: isPositiveInteger,
  timeoutMs: isPositiveInteger,
  maxSeenAccounts: isPositiveInteger,
  clock: hasMethods('now'),
};
