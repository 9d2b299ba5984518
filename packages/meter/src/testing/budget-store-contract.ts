import type { Clock } from '@costkit/core';
import type { BudgetStore } from '../budget-store.js';
import { balanceCases } from './balance-cases.js';
import { leaseCases } from './lease-cases.js';
import { sharingCases } from './sharing-cases.js';

/** A store that holds nothing yet, opened for one case of the suite. */
export interface OpenedBudgetStore {
  /** The store. */
  readonly store: BudgetStore;
  /** The same balances, as another process opens them. @defaultValue nobody shares the store */
  readonly other?: BudgetStore;
  /** Takes away what the case has left. */
  close?(): Promise<void> | void;
}

/** What the suite needs to know of a store. */
export interface BudgetStoreContractOptions {
  /**
   * Opens a store that holds nothing.
   *
   * @param options.leaseMs - how long a reservation lasts.
   * @param options.clock - the time by which it ends.
   */
  readonly open: (options: {
    readonly leaseMs: number;
    readonly clock: Clock;
  }) => OpenedBudgetStore | Promise<OpenedBudgetStore>;
}

/** One rule of the suite, for any test runner. */
export interface BudgetStoreContractCase {
  readonly name: string;
  /** Throws an `AssertionError` when the rule is broken. */
  readonly run: () => Promise<void>;
}

/**
 * What every store of budgets does, ours or yours: no amount is lost, counted twice or rounded, and no account is
 * ever overrun.
 *
 * @example
 * ```ts
 * const cases = budgetStoreContract({
 *   open: ({ leaseMs, clock }) => ({ store: memoryBudgetStore({ leaseMs, clock }) }),
 * });
 * describe('memoryBudgetStore', () => {
 *   it.each(cases)('$name', ({ run }) => run());
 * });
 * ```
 */
export function budgetStoreContract(options: BudgetStoreContractOptions): readonly BudgetStoreContractCase[] {
  return [...balanceCases(options), ...leaseCases(options), ...sharingCases(options)];
}
