import {
  checkOptions,
  InvalidOptionError,
  isNonNegativeNumber,
  isOneOf,
  isText,
  Money,
  type Tags,
} from '@costkit/core';
import { NO_VALUE, scopeName } from './dimensions.js';
import { isTags } from './is-tags.js';
import { isTimeZone } from './is-time-zone.js';
import { type Period, type PeriodBounds, periodFinder } from './period-bounds.js';

/** What happens to a call for which a budget has no room. */
export type BudgetAction = 'alert' | 'downgrade' | 'queue' | 'block';

/** A limit in dollars for the calls that carry certain tags. */
export interface Budget {
  /** Unique among the meter's budgets. */
  readonly name: string;
  /** Dollars per period: a number, exact decimal text, or a function of the call's tags. 0 stops every call. */
  readonly limitUsd: number | string | ((tags: Tags) => number | string);
  /** How long the limit holds before it starts anew. `total` never does. */
  readonly period: Period;
  /** Tags that a call must carry to be counted. @defaultValue every call is counted */
  readonly match?: Tags;
  /** Name of a tag: every value of it has the limit for itself. Calls without the tag share one. */
  readonly per?: string;
  /** Time zone in which hours, days and months begin. @defaultValue `"UTC"` */
  readonly timeZone?: string;
  /**
   * `alert` only tells; `downgrade` asks the ladder for a cheaper model, and blocks where it allows none;
   * `queue` hands the request to the batch queue, and blocks where there is none; `block` throws
   * {@link BudgetExceededError}.
   */
  readonly onExceed: BudgetAction;
  /**
   * Spending has left room for a call, but calls on their way hold it: they reserve their worst case, and free most
   * of it once they are settled. The call waits for that; it gives up when none has been settled for this long, in
   * milliseconds, or its `abortSignal` says so. 0 refuses such a call at once. Whatever was waited for in vain is not
   * waited for again until something is settled.
   *
   * @defaultValue 30_000
   */
  readonly waitMs?: number;
  /**
   * What happens to a call when a shared store cannot be asked: `block` throws {@link BudgetStoreError}; `alert`
   * lets it go on, tells, and books its cost once the store is back.
   *
   * @defaultValue `"block"`; with `onExceed: "alert"` always `"alert"`
   */
  readonly onUnreachable?: 'block' | 'alert';
}

/** A budget as it holds for one call. */
export interface BudgetAccount {
  readonly budget: string;
  /** The value of the `per` tag; `''` without `per`. */
  readonly value: string;
  /** Whom the limit holds for, in words. */
  readonly scope: string;
  readonly limitPicoUsd: bigint;
  readonly action: BudgetAction;
  /** Longest that a call waits for room while none of the calls that hold it is settled, in milliseconds. */
  readonly waitMs: number;
  /** What happens when the store cannot be asked. */
  readonly onUnreachable: 'block' | 'alert';
  /** First millisecond of the period. */
  readonly startsAt: number;
  /** First millisecond after the period. */
  readonly endsAt: number;
}

/** A budget that was checked and is ready to be asked. */
export interface ReadyBudget {
  readonly name: string;
  readonly action: BudgetAction;
  /** The account that a call with these tags counts in; `undefined` when the budget does not match. */
  accountOf(tags: Tags, atMs: number): BudgetAccount | undefined;
}

const isLimit = (value: unknown): string | undefined =>
  typeof value === 'function'
    ? undefined
    : typeof readLimit(value) === 'bigint'
      ? undefined
      : 'must be a finite number of dollars, 0 or more';

/** Accounts that a budget remembers; then remembering starts anew. */
const ACCOUNTS_REMEMBERED = 1_000;

/** Pico-dollars, or `undefined` for what is no limit. */
function readLimit(value: unknown): bigint | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  try {
    const { picoUsd } = Money.fromUsd(value);
    return picoUsd < 0n ? undefined : picoUsd;
  } catch {
    return undefined;
  }
}

/**
 * Checks a budget and makes it ready.
 *
 * @throws {@link InvalidOptionError} for whatever is wrong with it.
 */
export function readyBudget(budget: Budget, path: string): ReadyBudget {
  checkOptions<Budget>(
    'meter',
    budget,
    {
      name: isText,
      limitUsd: isLimit,
      period: isOneOf('minute', 'hour', 'day', 'month', 'total'),
      match: isTags,
      per: isText,
      timeZone: isTimeZone,
      onExceed: isOneOf('alert', 'downgrade', 'queue', 'block'),
      waitMs: isNonNegativeNumber,
      onUnreachable: isOneOf('block', 'alert'),
    },
    `${path}.`,
  );
  for (const required of ['name', 'limitUsd', 'period', 'onExceed'] as const) {
    if (budget[required] === undefined)
      throw new InvalidOptionError('meter', `${path}.${required}`, 'is missing');
  }
  const { name, limitUsd, period, match = {}, per, timeZone = 'UTC', onExceed, waitMs = 30_000 } = budget;
  // Timers cannot wait longer.
  const boundedWaitMs = Math.min(waitMs, 2 ** 31 - 1);
  const { onUnreachable = onExceed === 'alert' ? 'alert' : 'block' } = budget;
  if (onExceed === 'alert' && onUnreachable === 'block') {
    throw new InvalidOptionError(
      'meter',
      `${path}.onUnreachable`,
      'cannot be "block" for a budget that only alerts',
    );
  }
  const conditions = Object.entries(match);
  const find: (atMs: number) => PeriodBounds = periodFinder(period, timeZone);
  const fixedLimit = readLimit(limitUsd);

  const limitFor = (tags: Tags): bigint => {
    if (typeof limitUsd !== 'function') return fixedLimit as bigint;
    const limit = readLimit(limitUsd(tags));
    if (limit === undefined) {
      throw new InvalidOptionError(
        'meter',
        `${path}.limitUsd`,
        'returned no finite number of dollars, 0 or more',
      );
    }
    return limit;
  };

  const matches = (tags: Tags): boolean => {
    for (const [tag, value] of conditions) if (tags[tag] !== value) return false;
    return true;
  };

  const accounts = new Map<string, BudgetAccount>();
  return {
    name,
    action: onExceed,
    accountOf: (tags, atMs) => {
      if (!matches(tags)) return undefined;
      const { startsAt, endsAt } = find(atMs);
      const value = per === undefined ? '' : (tags[per] ?? NO_VALUE);
      const limitPicoUsd = limitFor(tags);
      // One object for all calls of a period, so that a store may remember by it what it looked up.
      const known = accounts.get(value);
      if (known?.startsAt === startsAt && known.limitPicoUsd === limitPicoUsd) return known;
      const scope = scopeName(per === undefined ? [] : [per], tags);
      const account: BudgetAccount = {
        budget: name,
        value,
        scope,
        limitPicoUsd,
        action: onExceed,
        waitMs: boundedWaitMs,
        onUnreachable,
        startsAt,
        endsAt,
      };
      if (accounts.size >= ACCOUNTS_REMEMBERED) accounts.clear();
      accounts.set(value, account);
      return account;
    },
  };
}

/**
 * Checks a list of budgets.
 *
 * @throws {@link InvalidOptionError} also when two share a name.
 */
export function readyBudgets(budgets: readonly Budget[]): readonly ReadyBudget[] {
  const names = new Set<string>();
  return budgets.map((budget, index) => {
    const ready = readyBudget(budget, `budgets[${index}]`);
    if (names.has(ready.name))
      throw new InvalidOptionError('meter', `budgets[${index}].name`, 'is used twice');
    names.add(ready.name);
    return ready;
  });
}
