import type { Lever, LeverMode } from '@costkit/core';
import type { ReadyBudget } from './budget.js';
import { BUDGET_LEVER, type BudgetBooks } from './budget-books.js';
import type { BudgetGuard, BudgetGuardOptions, BudgetHelp } from './budget-guard.js';

/**
 * Budgets in their slots: `receipt` books and deals with refusals, `fit` reserves last of all, for the very
 * request that goes out. What reserves and refuses is loaded with the first call that a budget watches.
 *
 * @returns the levers of a client that has such help.
 */
export function budgetLevers(
  budgets: readonly ReadyBudget[],
  books: BudgetBooks,
  options: BudgetGuardOptions & { readonly mode: LeverMode },
  openStore: () => Promise<void>,
): (help: BudgetHelp) => readonly Lever[] {
  const { mode } = options;
  const failsClosed = mode === 'enforce' && budgets.some(({ action }) => action !== 'alert');
  let loading: Promise<BudgetGuard> | undefined;
  let guard: BudgetGuard | undefined;

  const load = async (): Promise<BudgetGuard> => {
    const [{ createBudgetGuard }] = await Promise.all([import('./budget-guard.js'), openStore()]);
    guard = createBudgetGuard(books, options);
    return guard;
  };

  return (help) => [
    {
      name: BUDGET_LEVER,
      slot: 'receipt',
      mode,
      failsClosed,
      // Only the guard refuses, so it is there. Nothing else can be done another way.
      recover: (error, view, call, next) =>
        guard === undefined ? Promise.reject(error) : guard.recover(error, view, call, next, help),
      onAttempt: books.onAttempt,
      onRefused: (_view, call) => books.onRefused(call),
      onReceipt: (receipt, call) => books.onReceipt(receipt, call),
    },
    {
      name: BUDGET_LEVER,
      slot: 'fit',
      mode,
      failsClosed,
      // Once it is there no promise is added: this is on the way of every call.
      fit: (view, call) => {
        if (guard !== undefined) return guard.fit(view, call);
        loading ??= load();
        return loading.then((loaded) => loaded.fit(view, call));
      },
      resend: (view, call) => guard?.resend(view, call),
    },
  ];
}
