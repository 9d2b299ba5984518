import { CostkitError } from '@costkit/core';

/** What a {@link BudgetExceededError} says besides its message. */
export interface BudgetExceeded {
  /** Name of the budget. */
  readonly budget: string;
  /** Whom the limit holds for, e.g. `tenant=acme`; `all` when the budget is not kept per value. */
  readonly scope: string;
  readonly limitUsd: number;
  /** Booked in this period. */
  readonly spentUsd: number;
  /** Held for calls that are on their way. */
  readonly reservedUsd: number;
  /** What this call could cost at most. */
  readonly neededUsd: number;
  /** When the period ends; absent for a budget without periods. */
  readonly resetsAt?: Date;
}

/** A budget has no room for a call. Nothing was sent. */
export class BudgetExceededError extends CostkitError implements BudgetExceeded {
  /** @internal */
  static readonly instanceName: string = 'BudgetExceededError';
  override readonly name: string = 'BudgetExceededError';
  /** Name of the budget. */
  declare readonly budget: string;
  /** Whom the limit holds for, e.g. `tenant=acme`; `all` when the budget is not kept per value. */
  declare readonly scope: string;
  declare readonly limitUsd: number;
  /** Booked in this period. */
  declare readonly spentUsd: number;
  /** Held for calls that are on their way. */
  declare readonly reservedUsd: number;
  /** What this call could cost at most. */
  declare readonly neededUsd: number;
  /** When the period ends; absent for a budget without periods. */
  declare readonly resetsAt?: Date;

  constructor(details: BudgetExceeded) {
    const { budget, scope, limitUsd, spentUsd, reservedUsd, neededUsd, resetsAt } = details;
    const until = resetsAt === undefined ? '' : `Wait until ${resetsAt.toISOString()} or `;
    super(
      `costkit meter: budget "${budget}" (${scope}) has no room for this call: $${limitUsd} limit, $${spentUsd} spent, ` +
        `$${reservedUsd} reserved, up to $${neededUsd} needed. ${until}${until === '' ? 'Raise' : 'raise'} the limit.`,
      { code: 'COSTKIT_BUDGET_EXCEEDED' },
    );
    Object.assign(this, details);
  }
}

/** An enforced budget cannot tell what a call may cost, so the call is not made: money fails closed. */
export class BudgetUncheckableError extends CostkitError {
  /** @internal */
  static readonly instanceName: string = 'BudgetUncheckableError';
  override readonly name: string = 'BudgetUncheckableError';
  /** Name of the budget. */
  readonly budget: string;
  /** The model id or ARN of the call. */
  readonly modelId: string;

  constructor(budget: string, modelId: string, problem: string, advice: string, options: ErrorOptions = {}) {
    super(`costkit meter: budget "${budget}" cannot bound a call to "${modelId}": ${problem}. ${advice}.`, {
      code: 'COSTKIT_BUDGET_UNCHECKABLE',
      ...options,
    });
    this.budget = budget;
    this.modelId = modelId;
  }
}

/** The store of an enforced budget cannot be asked, so the call is not made: money fails closed. */
export class BudgetStoreError extends CostkitError {
  /** @internal */
  static readonly instanceName: string = 'BudgetStoreError';
  override readonly name: string = 'BudgetStoreError';
  /** Name of the budget. */
  readonly budget: string;

  /** @param cause - what the store said. */
  constructor(budget: string, cause: unknown) {
    super(
      `costkit meter: budget "${budget}" cannot be checked, because its store failed: ${messageOf(cause)}. ` +
        'Bring the store back, or set `onUnreachable: "alert"` on the budget to let calls go on meanwhile.',
      { code: 'COSTKIT_BUDGET_STORE', cause },
    );
    this.budget = budget;
  }
}

/** What an error says, without the full stop at its end. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}

/** The loop breaker is open for a scope. Nothing was sent. */
export class LoopBreakerError extends CostkitError {
  /** @internal */
  static readonly instanceName: string = 'LoopBreakerError';
  override readonly name: string = 'LoopBreakerError';
  /** Whose calls are stopped, e.g. `feature=agent`. */
  readonly scope: string;
  /** What tripped it: the same request again and again, or dollars per minute. */
  readonly trigger: 'repeats' | 'spend';
  /** When one call is let through to try again. */
  readonly retryAt: Date;

  constructor(scope: string, trigger: 'repeats' | 'spend', reason: string, retryAt: Date) {
    super(
      `costkit meter: the loop breaker is open for ${scope}: ${reason}. ` +
        `Find the loop; one call is let through at ${retryAt.toISOString()}.`,
      { code: 'COSTKIT_LOOP_BREAKER_OPEN' },
    );
    this.scope = scope;
    this.trigger = trigger;
    this.retryAt = retryAt;
  }
}
