import { randomBytes } from 'node:crypto';
import { checkOptions, InvalidOptionError, isText } from '@costkit/core';
import { accountKey } from '../account-key.js';
import type { BudgetAccount } from '../budget.js';
import type { BudgetEntry, BudgetStore, ReserveOutcome } from '../budget-store.js';
import { hasMethods } from '../has-methods.js';
import { DEFAULT_LEASE_MS } from '../memory-budget-store.js';
import { createSeenBalances } from '../shared-store/seen-balances.js';
import {
  DEFAULT_SEEN_ACCOUNTS,
  DEFAULT_TIMEOUT_MS,
  SHARED_STORE_CHECKS,
  type SharedStoreOptions,
} from '../shared-store/shared-store-options.js';
import { createStoreClock } from '../shared-store/store-clock.js';
import { type AccountFigures, type AccountItem, accountItem } from './account-item.js';
import { createBookingLines } from './booking-lines.js';
import { type DynamoDbClientLike, dynamoDbTable } from './dynamodb-table.js';

/** What {@link dynamoDbBudgetStore} takes. */
export interface DynamoDbBudgetStoreOptions extends SharedStoreOptions {
  /** A `DynamoDBClient`, `DynamoDB` or `DynamoDBDocumentClient`. */
  readonly client: DynamoDbClientLike;
  /** A table whose only key is a partition key of type string. Turn on time to live for `expiresAt`. */
  readonly tableName: string;
  /** Name of the table's partition key. @defaultValue `"pk"` */
  readonly partitionKey?: string;
  /** First part of all keys. @defaultValue `"costkit"` */
  readonly prefix?: string;
}

/** Balances stay this long after their period, and what a reservation lasts: calls may end late. */
const GRACE_MS = 60_000;
/** How often a process looks for what others have left in an account that it uses. */
const TIDY_EVERY_MS = 60_000;

/**
 * Balances in a DynamoDB table that processes share: an item for each account, changed by conditional updates. A
 * reservation updates all accounts of a call at the same time; where one refuses, the others are given back before the
 * refusal is out.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * const store = dynamoDbBudgetStore({ client: new DynamoDBClient({}), tableName: 'budgets' });
 * const meter = createMeter({ budgets, store });
 * ```
 */
export function dynamoDbBudgetStore(options: DynamoDbBudgetStoreOptions): BudgetStore {
  checkOptions<DynamoDbBudgetStoreOptions>('meter', options, {
    ...SHARED_STORE_CHECKS,
    client: hasMethods('send'),
    tableName: isText,
    partitionKey: isText,
    prefix: isText,
  });
  for (const required of ['client', 'tableName'] as const) {
    if (options[required] === undefined) throw new InvalidOptionError('meter', required, 'is missing');
  }
  const { client, tableName, partitionKey = 'pk', prefix = 'costkit', clock } = options;
  const { leaseMs = DEFAULT_LEASE_MS, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const { maxSeenAccounts = DEFAULT_SEEN_ACCOUNTS } = options;
  const storeClock = createStoreClock();
  const table = dynamoDbTable(client, tableName, timeoutMs, storeClock);
  const seen = createSeenBalances(maxSeenAccounts);
  const tidied = new Map<string, number>();
  const writer = randomBytes(9).toString('base64url');

  const now = (): number => (clock === undefined ? Date.now() + storeClock.offsetMs : clock.now());

  const itemOf = (account: BudgetAccount): AccountItem => {
    const { budget, startsAt, value } = account;
    const period = Number.isFinite(startsAt) ? new Date(startsAt).toISOString() : 'total';
    const key = { [partitionKey]: { S: `${prefix}:${encodeURIComponent(budget)}:${period}:${value}` } };
    return accountItem(account, { table, key, writer, leaseMs, graceMs: GRACE_MS });
  };

  const saw = (account: BudgetAccount, figures: AccountFigures | undefined): void => {
    if (figures === undefined) return;
    const { committedPicoUsd, heldPicoUsd } = figures;
    seen.set(account, { spentPicoUsd: committedPicoUsd - heldPicoUsd, reservedPicoUsd: heldPicoUsd });
  };

  const tidy = async (account: BudgetAccount): Promise<void> => {
    saw(account, await itemOf(account).tidy(now()));
  };

  /** Off the calls' way, and not at every settlement. */
  const tidyIfDue = async (account: BudgetAccount): Promise<void> => {
    const key = accountKey(account);
    const last = tidied.get(key);
    if (last !== undefined && now() - last < TIDY_EVERY_MS) return;
    tidied.delete(key);
    tidied.set(key, now());
    if (tidied.size > maxSeenAccounts) tidied.delete(tidied.keys().next().value as string);
    if (last !== undefined) await tidy(account);
  };

  const reserveIn = async (account: BudgetAccount, entry: BudgetEntry): Promise<boolean> => {
    const { granted, figures } = await itemOf(account).reserve(entry, now());
    saw(account, figures);
    return granted;
  };

  const settleIn = async (
    account: BudgetAccount,
    entry: BudgetEntry,
    spentPicoUsd: bigint,
  ): Promise<void> => {
    saw(account, await itemOf(account).settle(entry, spentPicoUsd));
  };

  const lines = createBookingLines(async (account, picoUsd, mark) => {
    const { figures, untidy } = await itemOf(account).book(picoUsd, mark, now());
    saw(account, figures);
    // Processes that come and go too fast to do it have left much.
    if (untidy) tidied.set(accountKey(account), Number.NEGATIVE_INFINITY);
  }, now);

  const looksFull = (account: BudgetAccount, { picoUsd }: BudgetEntry): boolean => {
    const { spentPicoUsd, reservedPicoUsd } = seen.get(account);
    return account.action !== 'alert' && spentPicoUsd + reservedPicoUsd + picoUsd > account.limitPicoUsd;
  };

  const refusal = (account: BudgetAccount): ReserveOutcome => ({
    reserved: false,
    refusedBy: account,
    balance: seen.get(account),
  });

  return {
    reserve: async (entry) => {
      // What is full by the look of it is asked first, alone: its refusals leave other accounts in peace.
      const full = entry.accounts.find((account) => looksFull(account, entry));
      if (full !== undefined && !(await reserveIn(full, entry))) return refusal(full);
      const others = entry.accounts.filter((account) => account !== full);
      // Where one fails, the others are waited for: what they hold is given back next, and must be there by then.
      const asked = others.map((account) => reserveIn(account, entry));
      await Promise.allSettled(asked);
      const granted = await Promise.all(asked);
      const refusedBy = others[granted.indexOf(false)];
      if (refusedBy === undefined) return { reserved: true };
      const holding = entry.accounts.filter(
        (account) => account === full || granted[others.indexOf(account)],
      );
      await Promise.all(holding.map((account) => settleIn(account, entry, 0n)));
      return refusal(refusedBy);
    },
    settle: async (entry, spentPicoUsd) => {
      await Promise.all(entry.accounts.map((account) => settleIn(account, entry, spentPicoUsd)));
      await Promise.all(entry.accounts.map(tidyIfDue));
    },
    book: async (entry) => {
      await Promise.all(entry.accounts.map((account) => lines.book(account, entry)));
      await Promise.all(entry.accounts.map(tidyIfDue));
    },
    balance: seen.get,
    refresh: async (accounts) => {
      await Promise.all(accounts.map(tidy));
    },
    open: async () => {
      await table.get({ [partitionKey]: { S: `${prefix}:` } });
    },
    get clockOffsetMs() {
      return storeClock.offsetMs;
    },
  };
}
