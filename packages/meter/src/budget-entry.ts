import { randomBytes } from 'node:crypto';
import type { BudgetAccount } from './budget.js';
import type { BudgetEntry } from './budget-store.js';

let process: string | undefined;
let entries = 0;

/** Makes an entry whose id no other process uses. */
export function createBudgetEntry(accounts: readonly BudgetAccount[], picoUsd: bigint): BudgetEntry {
  process ??= randomBytes(9).toString('base64url');
  entries += 1;
  return { id: `${process}-${entries.toString(36)}`, accounts, picoUsd };
}
