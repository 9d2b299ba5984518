import type { BudgetAction } from './budget.js';

/** A budget was exceeded, or refused a call. Sent once per account and period. */
export interface BudgetAlert {
  /** Tells it from other alerts. */
  readonly kind: 'budget';
  /** Name of the budget. */
  readonly budget: string;
  /** Whom the limit holds for, e.g. `tenant=acme`; `all` without `per`. */
  readonly scope: string;
  /** What the budget does when it is exceeded. */
  readonly action: BudgetAction;
  /** Dollars that the scope may spend in a period. */
  readonly limitUsd: number;
  /** Dollars booked in this period. */
  readonly spentUsd: number;
  /** Held for calls that are on their way. */
  readonly reservedUsd: number;
  /** When the period ends; absent for `total`. */
  readonly resetsAt?: Date;
}

/**
 * The loop breaker saw a loop. In `observe` the calls go on; in `enforce` the scope is stopped. Sent once for as long as
 * a loop goes on, and again each time it has come to four times as many calls or dollars as when it was told last. A
 * loop is over when it was not seen for ten minutes.
 */
export interface LoopAlert {
  /** Tells it from other alerts. */
  readonly kind: 'loop';
  /** Whose calls these are, e.g. `feature=agent`. */
  readonly scope: string;
  /** The same or a growing request again and again, or dollars per minute. */
  readonly trigger: 'repeats' | 'spend';
  /** One sentence with the figures. */
  readonly reason: string;
  /** Whether the scope is stopped. */
  readonly stopped: boolean;
  /** How often this loop has been told, this alert included: 1 when it is new. */
  readonly timesTold: number;
}

/**
 * The store of the budgets fails, or answers again after it has failed. Calls of enforced budgets are refused
 * meanwhile, others go on uncounted; what they cost is booked later. Sent at most once a minute.
 */
export interface StoreAlert {
  /** Tells it from other alerts. */
  readonly kind: 'store';
  /** Whom it concerns: every budget. */
  readonly scope: 'all';
  /** Whether it answers again. */
  readonly reachable: boolean;
  /** What happened, in words. */
  readonly reason: string;
}

/** What the meter tells `onAlert`. */
export type MeterAlert = BudgetAlert | LoopAlert | StoreAlert;

/** Wraps a listener so that whatever it does cannot reach a call. */
export function quietly<T>(listener: ((value: T) => void | Promise<void>) | undefined): (value: T) => void {
  return (value) => {
    try {
      const answer: unknown = listener?.(value);
      if (answer instanceof Promise) answer.catch(() => undefined);
    } catch {
      // Alerts observe; they never fail a call.
    }
  };
}
