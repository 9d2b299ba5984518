import type {
  BatchQueue,
  Call,
  CallOutput,
  FitPlan,
  Ladder,
  LeverMode,
  NextCall,
  RequestView,
} from '@costkit/core';
import type { BudgetAccount } from './budget.js';
import { BUDGET_LEVER, type BudgetBooks, type CallBudget } from './budget-books.js';
import { createBudgetEntry } from './budget-entry.js';
import { budgetRefusal } from './budget-refusal.js';
import { createBudgetRoom } from './budget-room.js';
import type { BudgetEntry, BudgetStore, ReserveOutcome } from './budget-store.js';
import { BudgetStoreError, BudgetUncheckableError, messageOf } from './errors.js';
import { usdOf } from './usd-of.js';
import { type WorstCaseOptions, worstCase } from './worst-case.js';

/** What the guard needs besides the budgets. */
export interface BudgetGuardOptions extends WorstCaseOptions, BudgetHelp {
  readonly mode: LeverMode;
  readonly store: BudgetStore;
  readonly maxOutputTokens?: number;
}

/** What can do a call that a budget refuses another way. */
export interface BudgetHelp {
  readonly ladder?: Ladder;
  readonly queue?: BatchQueue;
}

/** Budgets on the way of a call. */
export interface BudgetGuard {
  /**
   * Slot `receipt`, once a call is refused: what the budgets' actions say.
   *
   * @param help - of the client, where the meter has none of its own.
   */
  recover(
    error: unknown,
    view: RequestView,
    call: Call,
    next: NextCall,
    help: BudgetHelp,
  ): Promise<CallOutput>;
  /** Slot `fit`, last: reserves what the very request that goes out can cost. */
  fit(view: RequestView, call: Call): FitPlan | undefined | Promise<FitPlan | undefined>;
  /** Reserves once more before the SDK sends again what may be billed already. */
  resend(view: RequestView, call: Call): Promise<void>;
}

/** A ladder that names models in a circle must not hold a call for ever. */
const MAX_DOWNGRADES = 8;

/** What answers with numbers needs no cap; what no view can read is refused for that. */
const WITHOUT_CAP: ReadonlySet<RequestView['dialect']> = new Set([
  'titan-embed',
  'titan-embed-image',
  'cohere-embed',
  'nova-embed',
  'rerank',
  'unknown',
]);

export function createBudgetGuard(books: BudgetBooks, options: BudgetGuardOptions): BudgetGuard {
  const { mode, store, maxOutputTokens } = options;
  const bounding: WorstCaseOptions = { ...options, trust: books.trust };
  const room = createBudgetRoom(store, (entry) => books.settle(entry, 0n));
  books.onFreed = room.freed;

  /** The cap that goes out with the request; the configured one where it has none. */
  const cappedView = (
    view: RequestView,
    call: Call,
    enforced: BudgetAccount,
  ): { view: RequestView; cap: number } => {
    if (view.maxTokens !== undefined) return { view, cap: view.maxTokens };
    if (WITHOUT_CAP.has(view.dialect)) return { view, cap: 0 };
    const pinned = view.pinned.get('maxTokens');
    if (maxOutputTokens !== undefined && pinned === undefined) {
      return { view: view.withMaxTokens(maxOutputTokens), cap: maxOutputTokens };
    }
    throw new BudgetUncheckableError(
      enforced.budget,
      call.original.modelId,
      `the request has no cap on its answer${pinned === undefined ? '' : `, and none can be set: ${pinned}`}`,
      'Set inferenceConfig.maxTokens on the request, or maxOutputTokens on the meter',
    );
  };

  const refuse = (
    state: CallBudget,
    outcome: Extract<ReserveOutcome, { reserved: false }>,
    needed: bigint,
  ): never => {
    const { refusedBy: account, balance } = outcome;
    books.alert(account, balance.spentPicoUsd, balance.reservedPicoUsd);
    const error = budgetRefusal(outcome, needed);
    state.refusal = { error, account };
    throw error;
  };

  /** The store could not be asked: throws where a budget is strict about that. */
  const goOnUnchecked = (entry: BudgetEntry, call: Call, error: unknown): void => {
    // It may hold the amount all the same.
    books.settle(entry, 0n);
    if (call.signal?.aborted === true) throw error;
    books.health.failed(error);
    const strict = entry.accounts.find(({ onUnreachable }) => onUnreachable === 'block');
    if (strict !== undefined) throw new BudgetStoreError(strict.budget, error);
    const action = 'let the call go unchecked';
    call.decide({ lever: BUDGET_LEVER, mode, action, reason: `The store failed: ${messageOf(error)}.` });
  };

  const tellWait = (call: Call, waitedMs: number): void => {
    const reason = `Calls on their way held the rest of the budget for ${Math.round(waitedMs)} ms.`;
    call.decide({ lever: BUDGET_LEVER, mode, action: 'waited for room', reason });
  };

  /** In `observe`: what the budgets would have done. */
  const observe = (view: RequestView, call: Call, state: CallBudget): undefined => {
    const bound = worstCase(view, call, view.maxTokens ?? maxOutputTokens ?? 0, bounding);
    for (const account of state.accounts) {
      if (account.action === 'alert') continue;
      const { spentPicoUsd } = store.balance(account);
      const needed = bound.known ? bound.picoUsd : 0n;
      if (bound.known && spentPicoUsd + needed <= account.limitPicoUsd) continue;
      const reason = bound.known
        ? describe(account, needed)
        : `Budget "${account.budget}" cannot bound the call: ${bound.problem}.`;
      call.decide({ lever: BUDGET_LEVER, mode, action: `would have ${pastOf(account)}`, reason });
      if (bound.known) books.alert(account, spentPicoUsd, 0n);
    }
    return undefined;
  };

  const fit = (view: RequestView, call: Call): FitPlan | undefined | Promise<FitPlan | undefined> => {
    const state = books.of(call);
    const enforced = state.accounts.find(({ action }) => action !== 'alert');
    if (enforced === undefined) return undefined;
    if (mode !== 'enforce') return observe(view, call, state);
    const { view: capped, cap } = cappedView(view, call, enforced);
    const bound = worstCase(capped, call, cap, bounding);
    if (!bound.known)
      throw new BudgetUncheckableError(enforced.budget, view.modelId, bound.problem, bound.advice);
    const plan: FitPlan | undefined =
      capped === view
        ? undefined
        : {
            view: capped,
            decisions: [
              {
                lever: BUDGET_LEVER,
                mode,
                action: `capped the answer at ${cap} tokens`,
                reason: `The request had no cap, and budget "${enforced.budget}" must know what the answer can cost.`,
              },
            ],
          };
    const entry = createBudgetEntry(state.accounts, bound.picoUsd);
    const take = (outcome: ReserveOutcome): FitPlan | undefined => {
      if (!outcome.reserved) return refuse(state, outcome, bound.picoUsd);
      state.held.push(entry);
      return plan;
    };
    const outcome = room.reserve(entry, call.signal);
    if (!(outcome instanceof Promise)) return take(outcome);
    return outcome.then(
      (answer) => {
        books.health.answered();
        if (answer.waitedMs !== undefined) tellWait(call, answer.waitedMs);
        return take(answer);
      },
      (error: unknown) => {
        goOnUnchecked(entry, call, error);
        return plan;
      },
    );
  };

  const resend = async (view: RequestView, call: Call): Promise<void> => {
    if (mode !== 'enforce') return;
    try {
      await fit(view, call);
    } catch (error) {
      call.decide({
        lever: BUDGET_LEVER,
        mode,
        action: 'stopped the SDK from sending again',
        reason: 'What was sent before got no answer and may be billed, and no budget had room for another.',
      });
      throw error;
    }
  };

  const enqueue = async (
    view: RequestView,
    call: Call,
    state: CallBudget,
    account: BudgetAccount,
    queue: BatchQueue | undefined,
  ): Promise<CallOutput | undefined> => {
    if (queue === undefined || view.streaming) return undefined;
    const { view: capped, cap } = cappedView(view, call, account);
    const bound = worstCase(capped, call, cap, bounding, true);
    if (!bound.known) return undefined;
    const entry = createBudgetEntry(state.accounts, bound.picoUsd);
    try {
      if (!(await store.reserve(entry)).reserved) return undefined;
    } catch (error) {
      books.settle(entry, 0n);
      books.health.failed(error);
      return undefined;
    }
    state.held.push(entry);
    const answer = await queue.enqueue(capped, call);
    call.decide({
      lever: BUDGET_LEVER,
      mode,
      action: 'queued',
      reason: `${describe(account)} Batch had room.`,
    });
    if (state.held.pop() !== undefined) {
      // The queue booked nothing on this call: spent at its reservation.
      books.settle(entry, bound.picoUsd);
      state.booked += bound.picoUsd;
    }
    return answer;
  };

  const recover = async (
    refused: unknown,
    original: RequestView,
    call: Call,
    next: NextCall,
    help: BudgetHelp,
  ): Promise<CallOutput> => {
    const { ladder = help.ladder, queue = help.queue } = options;
    const state = books.of(call);
    let error = refused;
    let view = original;
    for (let downgrades = 0; ; downgrades += 1) {
      const { refusal } = state;
      // What was paid already is not paid twice: only a call that has sent nothing is tried another way.
      if (refusal === undefined || refusal.error !== error || call.attempts.length > 0) throw error;
      const { account } = refusal;
      if (account.action === 'queue') {
        const answer = await enqueue(view, call, state, account, queue);
        if (answer !== undefined) return answer;
      }
      const cheaper =
        account.action === 'downgrade' && downgrades < MAX_DOWNGRADES
          ? await ladder?.below(view, call)
          : undefined;
      if (cheaper === undefined || view.pinned.has('model')) {
        call.decide({ lever: BUDGET_LEVER, mode, action: 'blocked', reason: describe(account) });
        throw error;
      }
      view = view.withModel(cheaper);
      try {
        const answer = await next(view);
        const reason = `${describe(account)} The policy allows ${cheaper}.`;
        call.decide({ lever: BUDGET_LEVER, mode, action: `downgraded to ${cheaper}`, reason });
        return answer;
      } catch (again) {
        error = again;
      }
    }
  };

  return { recover, fit, resend };
}

const pastOf = ({ action }: BudgetAccount): string =>
  action === 'downgrade' ? 'downgraded or blocked' : action === 'queue' ? 'queued or blocked' : 'blocked';

function describe(account: BudgetAccount, neededPicoUsd?: bigint): string {
  const needed = neededPicoUsd === undefined ? '' : `, up to $${usdOf(neededPicoUsd)} needed`;
  return `Budget "${account.budget}" (${account.scope}, $${usdOf(account.limitPicoUsd)}) had no room for the call${needed}.`;
}
