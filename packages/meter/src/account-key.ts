import type { BudgetAccount } from './budget.js';

// A call looks its accounts up several times, and calls in a row share them.
const keys = new WeakMap<BudgetAccount, string>();

/** Names an account among all accounts: equal for equal accounts, and for no others. */
export function accountKey(account: BudgetAccount): string {
  let key = keys.get(account);
  if (key === undefined) {
    key = accountKeyOf(account, account.value);
    keys.set(account, key);
  }
  return key;
}

/** The name that an account would have with another value of its `per` tag. */
export function accountKeyOf({ budget, startsAt }: BudgetAccount, value: string): string {
  return `${budget}\n${startsAt}\n${value}`;
}
