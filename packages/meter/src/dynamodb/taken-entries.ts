import { accountKey } from '../account-key.js';
import type { BudgetAccount } from '../budget.js';

/** The latest bookings that accounts have: of an entry that failed in one account, another may have its part. */
export interface TakenEntries {
  has(account: BudgetAccount, id: string): boolean;
  add(account: BudgetAccount, id: string): void;
}

/** Twice what the meter keeps for a store that is away. */
const MOST_REMEMBERED = 20_000;

export function createTakenEntries(): TakenEntries {
  const taken = new Set<string>();
  const keyOf = (account: BudgetAccount, id: string): string => `${id}\n${accountKey(account)}`;
  return {
    has: (account, id) => taken.has(keyOf(account, id)),
    add: (account, id) => {
      taken.add(keyOf(account, id));
      if (taken.size > MOST_REMEMBERED) taken.delete(taken.values().next().value as string);
    },
  };
}
