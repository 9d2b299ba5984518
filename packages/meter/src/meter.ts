import {
  type BedrockPlugin,
  InvalidOptionError,
  type Lever,
  leverPlugin,
  Money,
  type PlannedSpend,
  type Receipt,
  type SpendGuard,
  type SpendReservation,
  systemClock,
  type Tags,
} from '@costkit/core';
import { quietly } from './alert.js';
import { breakerLever } from './breaker-lever.js';
import { type Budget, type BudgetAccount, readyBudgets } from './budget.js';
import { createBudgetBooks } from './budget-books.js';
import type { BudgetHelp } from './budget-guard.js';
import { budgetLevers } from './budget-levers.js';
import { createLedger, type ReportOptions } from './ledger.js';
import { readyBreaker } from './loop-breaker-options.js';
import { memoryBudgetStore } from './memory-budget-store.js';
import { checkMeterOptions, type MeterOptions } from './meter-options.js';
import type { MeterReport } from './report-groups.js';
import { createSinkFanOut } from './sink-fan-out.js';

/** Counts what calls cost, and keeps them within budgets. One meter may serve many clients. */
export interface Meter extends SpendGuard {
  /** Sums over the receipts so far, grouped by tags and built-in dimensions. */
  report(options?: ReportOptions): MeterReport;
  /**
   * What is left of a budget in the current period: limit − spent − reserved, at least 0. Of a shared store it is
   * what this process has seen last, with its latest call; {@link Meter.refresh} asks.
   *
   * @param budget - the budget or its name.
   * @param tags - those of the call that would be made; they choose the value of `per`.
   * @throws `InvalidOptionError` when no budget has that name, or the tags do not match it.
   */
  remaining(budget: string | Budget, tags?: Tags): Money;
  /**
   * As {@link Meter.remaining}, after asking the store that processes share.
   *
   * @throws `InvalidOptionError` as `remaining`; what the store throws when it cannot be asked.
   */
  refresh(budget: string | Budget, tags?: Tags): Promise<Money>;
  /** Books a receipt that no metered client made, e.g. one read from a file. */
  record(receipt: Receipt): void;
  /**
   * Holds what work can cost that is paid later and as a whole, before it begins: pass the meter as `budget` to
   * `createBatch`, or settle by hand. It does not wait for room.
   *
   * @throws `BudgetExceededError` when a budget that does more than alert has no room for all of it, whatever its
   * `onExceed`; `BudgetStoreError` when a shared store cannot be asked.
   *
   * @example
   * ```ts
   * const reservation = await meter.reserve({ amount: Money.fromUsd(40), tags: { team: 'search' } });
   * reservation.settle(await embedEverything());
   * ```
   */
  reserve(spend: PlannedSpend): Promise<SpendReservation>;
  /**
   * Waits until the sinks have written everything and a shared store has every settlement, but no longer than
   * `timeoutMs` (5,000 unless given).
   */
  flush(timeoutMs?: number): Promise<void>;
  /** As {@link Meter.flush}, and closes the sinks. */
  close(timeoutMs?: number): Promise<void>;
  /** Whether it may stop or change calls: it is in `enforce`, and has a breaker that is or a budget that does more than alert. */
  readonly enforces: boolean;
  /** Puts the meter on a client: `client.middlewareStack.use(meter.plugin)`; `withMeter` does that for you. */
  readonly plugin: BedrockPlugin;
  /**
   * The same for a client that has a ladder or a queue: they help with budgets that downgrade or queue, where the meter was
   * made without. `costkit` puts its router and its batch jobs there.
   */
  pluginWith(help: Pick<MeterOptions, 'ladder' | 'queue'>): BedrockPlugin;
}

const FLUSH_TIMEOUT_MS = 5_000;

/**
 * Makes a meter.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong, e.g. a limit that is negative or NaN.
 *
 * @example
 * ```ts
 * const meter = createMeter({
 *   budgets: [{ name: 'daily', limitUsd: 25, period: 'day', onExceed: 'block' }],
 *   maxOutputTokens: 2_000,
 * });
 * const client = withMeter(new BedrockRuntimeClient({}), { meter });
 * await withTags({ feature: 'search' }, () => client.send(command));
 * meter.report({ by: ['feature', 'model'] }).rows;
 * ```
 */
export function createMeter(options: MeterOptions = {}): Meter {
  checkMeterOptions(options);
  const { mode = 'enforce', clock = systemClock, store = memoryBudgetStore({ clock }) } = options;
  const onAlert = quietly(options.onAlert);
  const budgets = readyBudgets(options.budgets ?? []);
  const books = createBudgetBooks(budgets, store, clock, onAlert);
  const ledger = createLedger(options.ledger);
  const sinks = createSinkFanOut(options.sinks ?? [], options.onError);

  let opening: Promise<void> | undefined;
  // Whether it can be reached is for those who reserve to find out.
  const openStore = async (): Promise<void> => {
    opening ??= store.open?.().catch(() => undefined);
    await opening;
  };

  const breaker = options.breaker === undefined ? undefined : readyBreaker(options.breaker, mode);

  const take = (receipt: Receipt): void => {
    ledger.add(receipt);
    sinks.write(receipt);
  };

  const accountFor = (budget: string | Budget, tags: Tags): BudgetAccount => {
    const name = typeof budget === 'string' ? budget : budget.name;
    const atMs = clock.now() + (store.clockOffsetMs ?? 0);
    const account = budgets.find((ready) => ready.name === name)?.accountOf(tags, atMs);
    if (account !== undefined) return account;
    const known = budgets.map((ready) => ready.name).join(', ') || 'none';
    throw new InvalidOptionError(
      'meter',
      'budget',
      `"${name}" matches no budget for these tags; there are: ${known}`,
    );
  };

  const leftOf = (account: BudgetAccount): Money => {
    const { spentPicoUsd, reservedPicoUsd } = store.balance(account);
    const left = account.limitPicoUsd - spentPicoUsd - reservedPicoUsd;
    return Money.fromPicoUsd(left < 0n ? 0n : left);
  };

  const { open } = sinks;
  const breakers = breaker === undefined ? [] : [breakerLever(breaker, onAlert)];
  const budgetsWith = budgetLevers(budgets, books, { ...options, mode, store }, openStore);
  const leversWith = (help: BudgetHelp): Lever[] => [
    ...breakers,
    // Before the ledger: whatever that does, no reservation stays alive.
    ...(budgets.length === 0 ? [] : budgetsWith(help)),
    {
      name: 'meter',
      slot: 'receipt',
      mode,
      ...(open === undefined
        ? {}
        : {
            around: (view, call, next) => {
              open(call.id);
              return next(view);
            },
          }),
      onReceipt: take,
    },
  ];

  return {
    report: (reportOptions) => ledger.report(reportOptions),
    remaining: (budget, tags = {}) => leftOf(accountFor(budget, tags)),
    refresh: async (budget, tags = {}) => {
      const account = accountFor(budget, tags);
      await store.refresh?.([account]);
      return leftOf(account);
    },
    reserve: async (spend) => {
      const [{ reserveSpend }] = await Promise.all([import('./reserve-spend.js'), openStore()]);
      const reservation = await reserveSpend({ books, store, mode, now: clock.now() }, spend);
      return { ...reservation, record: take };
    },
    record: (receipt) => {
      books.book(receipt);
      take(receipt);
    },
    flush: async (timeoutMs = FLUSH_TIMEOUT_MS) => {
      await Promise.all([books.flush(timeoutMs), sinks.flush(timeoutMs)]);
    },
    close: async (timeoutMs = FLUSH_TIMEOUT_MS) => {
      await Promise.all([books.flush(timeoutMs), sinks.close(timeoutMs)]);
    },
    enforces:
      mode === 'enforce' && (breaker?.mode === 'enforce' || budgets.some(({ action }) => action !== 'alert')),
    plugin: leverPlugin('meter', leversWith({})),
    pluginWith: (help) => leverPlugin('meter', leversWith(help)),
  };
}
