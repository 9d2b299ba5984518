import { accountKey } from '../account-key.js';
import type { BudgetAccount } from '../budget.js';
import type { BudgetBalance } from '../budget-store.js';

/** The balances of a shared store as this process last saw them, of the accounts that it used last. */
export interface SeenBalances {
  get(account: BudgetAccount): BudgetBalance;
  set(account: BudgetAccount, balance: BudgetBalance): void;
}

const NOTHING: BudgetBalance = { spentPicoUsd: 0n, reservedPicoUsd: 0n };

export function createSeenBalances(maxAccounts: number): SeenBalances {
  const balances = new Map<string, BudgetBalance>();
  return {
    get: (account) => balances.get(accountKey(account)) ?? NOTHING,
    set: (account, balance) => {
      const key = accountKey(account);
      balances.delete(key);
      balances.set(key, balance);
      if (balances.size > maxAccounts) balances.delete(balances.keys().next().value as string);
    },
  };
}
