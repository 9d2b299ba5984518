import { accountKey } from './account-key.js';
import type { BudgetAccount } from './budget.js';
import type { BudgetBalance, BudgetEntry, BudgetStore, ReserveOutcome } from './budget-store.js';

type Refusal = Extract<ReserveOutcome, { readonly reserved: false }>;

/** The answer to a reservation, and how long the call has waited for it; absent where it has not. */
type RoomOutcome = ReserveOutcome & { readonly waitedMs?: number };

/**
 * Reserves for calls. Where spending has left room, and only calls on their way hold it, a call waits for them:
 * what is reserved is a worst case, and most of it is free again once they are settled. Without that, a burst
 * would be refused with most of a budget unspent.
 */
export interface BudgetRoom {
  /** Rejects with an error named `AbortError` when the caller gives up while the call waits. */
  reserve(entry: BudgetEntry, signal?: AbortSignal): RoomOutcome | Promise<RoomOutcome>;
  /** Calls have been settled: whoever waits for these accounts is asked for again. */
  freed(accounts: readonly BudgetAccount[]): void;
}

interface Waiter {
  readonly entry: BudgetEntry;
  readonly sinceMs: number;
  /** What the store said last. */
  refusal: Refusal;
  /** The store is being asked for it. */
  asked: boolean;
  /** Its time is over. */
  late: boolean;
  /** It has its answer. */
  gone: boolean;
  readonly answer: (outcome: ReserveOutcome) => void;
  readonly fail: (error: unknown) => void;
}

/** Those who wait for one account, in the order in which they came. */
interface Queue {
  readonly waiters: Set<Waiter>;
  busy: boolean;
  /** Room was freed while it was busy. */
  again: boolean;
  /** When a call was last seen to be settled. */
  progressMs: number;
  pollMs: number;
  poll: ReturnType<typeof setTimeout> | undefined;
}

/** Nobody tells what other processes settle: how often a shared store is asked again. */
const FIRST_POLL_MS = 50;
const LONGEST_POLL_MS = 1_000;
/** Accounts of which it is known that waiting was in vain. */
const STALLED_REMEMBERED = 1_000;

/** Whether a call would fit if those on their way turned out to cost nothing. */
function mayFit({ refusedBy, balance }: Refusal, { picoUsd }: BudgetEntry): boolean {
  return (
    refusedBy.waitMs > 0 &&
    balance.reservedPicoUsd > 0n &&
    balance.spentPicoUsd + picoUsd <= refusedBy.limitPicoUsd
  );
}

function fits({ refusedBy, balance }: Refusal, { picoUsd }: BudgetEntry): boolean {
  return balance.spentPicoUsd + balance.reservedPicoUsd + picoUsd <= refusedBy.limitPicoUsd;
}

/** @param release - gives back what was reserved for a call that no longer waits. */
export function createBudgetRoom(store: BudgetStore, release: (entry: BudgetEntry) => void): BudgetRoom {
  const queues = new Map<string, Queue>();
  /** What accounts held when somebody had waited for them in vain, e.g. because a process has died. */
  const stalled = new Map<string, BudgetBalance>();
  /** Other processes may settle too. */
  let shared = false;

  const queueOf = (key: string): Queue => {
    let queue = queues.get(key);
    if (queue === undefined) {
      queue = {
        waiters: new Set(),
        busy: false,
        again: false,
        progressMs: Number.NEGATIVE_INFINITY,
        pollMs: FIRST_POLL_MS,
        poll: undefined,
      };
      queues.set(key, queue);
    }
    return queue;
  };

  const isStalled = ({ refusedBy, balance }: Refusal): boolean => {
    const then = stalled.get(accountKey(refusedBy));
    return then?.spentPicoUsd === balance.spentPicoUsd && then.reservedPicoUsd === balance.reservedPicoUsd;
  };

  const closeIfEmpty = (key: string, queue: Queue): void => {
    if (queue.waiters.size > 0 || queue.busy) return;
    clearTimeout(queue.poll);
    if (queues.get(key) === queue) queues.delete(key);
  };

  const pollLater = (key: string, queue: Queue): void => {
    clearTimeout(queue.poll);
    queue.poll = setTimeout(() => serve(key, queue), queue.pollMs);
    queue.pollMs = Math.min(2 * queue.pollMs, LONGEST_POLL_MS);
  };

  const join = (waiter: Waiter): void => {
    const key = accountKey(waiter.refusal.refusedBy);
    const queue = queueOf(key);
    queue.waiters.add(waiter);
    if (shared && !queue.busy && queue.poll === undefined) pollLater(key, queue);
  };

  const askFor = async (waiter: Waiter): Promise<ReserveOutcome> => {
    waiter.asked = true;
    const asked = store.reserve(waiter.entry);
    const outcome = asked instanceof Promise ? await asked : asked;
    waiter.asked = false;
    if (waiter.gone) {
      if (outcome.reserved) release(waiter.entry);
    } else if (outcome.reserved || waiter.late || !mayFit(outcome, waiter.entry)) waiter.answer(outcome);
    else waiter.refusal = outcome;
    return outcome;
  };

  /** One look at everybody who waits for an account. */
  const look = async (key: string, queue: Queue): Promise<void> => {
    let seen: BudgetBalance | undefined;
    for (const waiter of queue.waiters) {
      if (seen !== undefined) {
        waiter.refusal = { ...waiter.refusal, balance: seen };
        if (!mayFit(waiter.refusal, waiter.entry)) waiter.answer(waiter.refusal);
        if (waiter.gone || !fits(waiter.refusal, waiter.entry)) continue;
      }
      const before = waiter.refusal.balance;
      const outcome = await askFor(waiter);
      const here = !outcome.reserved && accountKey(outcome.refusedBy) === key;
      seen = here ? outcome.balance : undefined;
      if (seen === undefined || seen.spentPicoUsd !== before.spentPicoUsd)
        queue.progressMs = performance.now();
      if (waiter.gone) queue.pollMs = FIRST_POLL_MS;
      else if (!here) {
        // Another of its accounts is full by now: it waits there.
        queue.waiters.delete(waiter);
        join(waiter);
      }
    }
  };

  const serve = (key: string, queue: Queue): void => {
    queue.again = true;
    if (queue.busy) return;
    queue.busy = true;
    const work = async (): Promise<void> => {
      while (queue.again) {
        queue.again = false;
        await look(key, queue);
      }
    };
    work()
      // Where nothing can be asked, everybody who waits hears why.
      .catch((error: unknown) => {
        for (const waiter of queue.waiters) waiter.fail(error);
      })
      .finally(() => {
        queue.busy = false;
        if (shared && queue.waiters.size > 0) pollLater(key, queue);
        closeIfEmpty(key, queue);
      });
  };

  const wait = (entry: BudgetEntry, refusal: Refusal, signal?: AbortSignal): Promise<RoomOutcome> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        waiter.gone = true;
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        const key = accountKey(waiter.refusal.refusedBy);
        const queue = queues.get(key);
        queue?.waiters.delete(waiter);
        if (queue !== undefined) closeIfEmpty(key, queue);
      };
      const waiter: Waiter = {
        entry,
        sinceMs: performance.now(),
        refusal,
        asked: false,
        late: false,
        gone: false,
        answer: (outcome) => {
          leave();
          resolve({ ...outcome, waitedMs: performance.now() - waiter.sinceMs });
        },
        fail: (error) => {
          leave();
          reject(error);
        },
      };
      const abort = (): void =>
        waiter.fail(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
      // As long as calls are settled there is hope.
      const check = (): void => {
        const { refusedBy } = waiter.refusal;
        const progressMs = queues.get(accountKey(refusedBy))?.progressMs ?? waiter.sinceMs;
        const leftMs = Math.max(progressMs, waiter.sinceMs) + refusedBy.waitMs - performance.now();
        if (leftMs > 0) {
          timer = setTimeout(check, Math.ceil(leftMs));
          return;
        }
        waiter.late = true;
        if (stalled.size >= STALLED_REMEMBERED) stalled.clear();
        stalled.set(accountKey(refusedBy), waiter.refusal.balance);
        if (!waiter.asked) waiter.answer(waiter.refusal);
      };
      let timer = setTimeout(check, refusal.refusedBy.waitMs);
      signal?.addEventListener('abort', abort, { once: true });
      join(waiter);
      // A signal that was given before says nothing again.
      if (signal?.aborted === true) abort();
    });

  return {
    reserve: (entry, signal) => {
      const take = (outcome: ReserveOutcome): RoomOutcome | Promise<RoomOutcome> =>
        outcome.reserved || !mayFit(outcome, entry) || isStalled(outcome)
          ? outcome
          : wait(entry, outcome, signal);
      const asked = store.reserve(entry);
      if (!(asked instanceof Promise)) return take(asked);
      shared = true;
      return asked.then(take);
    },
    freed: (accounts) => {
      if (queues.size === 0) return;
      for (const account of accounts) {
        const key = accountKey(account);
        const queue = queues.get(key);
        if (queue === undefined) continue;
        queue.progressMs = performance.now();
        serve(key, queue);
      }
    },
  };
}
