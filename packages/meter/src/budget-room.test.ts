import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BudgetAccount } from './budget.js';
import { createBudgetEntry } from './budget-entry.js';
import { createBudgetRoom } from './budget-room.js';
import type { BudgetEntry, BudgetStore, ReserveOutcome } from './budget-store.js';
import { memoryBudgetStore } from './memory-budget-store.js';
import { contractAccount } from './testing/contract-store.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const WAIT_MS = 30_000;
const account = (fields: Partial<BudgetAccount> = {}): BudgetAccount =>
  contractAccount({ waitMs: WAIT_MS, ...fields });
const entryOf = (picoUsd: bigint, ...accounts: readonly BudgetAccount[]): BudgetEntry =>
  createBudgetEntry(accounts.length === 0 ? [account()] : accounts, picoUsd);

interface SetUp {
  readonly store: BudgetStore;
  readonly released: string[];
  /** What became of a reservation so far. */
  reserve(entry: BudgetEntry, signal?: AbortSignal): { outcome: ReserveOutcome | 'waits' | Error };
  settle(entry: BudgetEntry, spentPicoUsd: bigint): Promise<void>;
}

/** A room over a store of this process, or over one that others share, who settle without telling. */
function setUp(shared = false): SetUp {
  const memory = memoryBudgetStore();
  const store: BudgetStore = shared ? { ...memory, reserve: async (entry) => memory.reserve(entry) } : memory;
  const released: string[] = [];
  const room = createBudgetRoom(store, (entry) => {
    released.push(entry.id);
    void store.settle(entry, 0n);
  });
  return {
    store,
    released,
    reserve: (entry, signal) => {
      const state: { outcome: ReserveOutcome | 'waits' | Error } = { outcome: 'waits' };
      const outcome = room.reserve(entry, signal);
      if (outcome instanceof Promise) {
        outcome.then(
          (answer) => {
            state.outcome = answer;
          },
          (error: Error) => {
            state.outcome = error;
          },
        );
      } else state.outcome = outcome;
      return state;
    },
    settle: async (entry, spentPicoUsd) => {
      void store.settle(entry, spentPicoUsd);
      room.freed(entry.accounts);
      await vi.advanceTimersByTimeAsync(0);
    },
  };
}

const GRANTED: ReserveOutcome = { reserved: true };
/** Granted after a wait. */
const LATER = { reserved: true, waitedMs: expect.any(Number) as number };
const REFUSED = expect.objectContaining({ reserved: false });

describe('createBudgetRoom', () => {
  it('answers at once where there is room, and where there will be none', () => {
    const { reserve } = setUp();
    expect(reserve(entryOf(100n)).outcome).toEqual(GRANTED);
    expect(reserve(entryOf(101n)).outcome).toEqual(REFUSED);
    expect(reserve(entryOf(1n)).outcome).toBe('waits');
  });

  it('refuses at once where nothing is on its way, and where a budget does not wait', async () => {
    const { reserve, settle } = setUp();
    const first = entryOf(60n);
    reserve(first);
    expect(reserve(entryOf(60n, account({ waitMs: 0 }))).outcome).toEqual(REFUSED);
    await settle(first, 60n);
    expect(reserve(entryOf(60n)).outcome).toEqual(REFUSED);
  });

  it('lets calls in as others are settled, in the order in which they came', async () => {
    const { reserve, settle } = setUp();
    const first = entryOf(100n);
    reserve(first);
    const waiting = Array.from({ length: 4 }, () => reserve(entryOf(30n)));
    await settle(first, 25n);
    expect(waiting.map(({ outcome }) => outcome)).toEqual([LATER, LATER, 'waits', 'waits']);
  });

  it('lets a small call pass a large one that does not fit yet', async () => {
    const { reserve, settle } = setUp();
    const [first, second] = [entryOf(50n), entryOf(50n)];
    reserve(first);
    reserve(second);
    const [large, small] = [reserve(entryOf(80n)), reserve(entryOf(10n))];
    await settle(first, 10n);
    expect([large.outcome, small.outcome]).toEqual(['waits', LATER]);
    await settle(second, 0n);
    expect(large.outcome).toEqual(LATER);
  });

  it('refuses those who wait once spending has left no room', async () => {
    const { reserve, settle } = setUp();
    const [first, second] = [entryOf(50n), entryOf(50n)];
    reserve(first);
    reserve(second);
    const waiting = [reserve(entryOf(60n)), reserve(entryOf(55n)), reserve(entryOf(50n))];
    await settle(first, 48n);
    expect(waiting.map(({ outcome }) => outcome)).toEqual([REFUSED, REFUSED, 'waits']);
  });

  it('gives up when nothing was settled for as long as a budget waits', async () => {
    const { reserve, settle } = setUp();
    const [first, second] = [entryOf(50n), entryOf(50n)];
    reserve(first);
    reserve(second);
    const waiting = reserve(entryOf(90n));
    await vi.advanceTimersByTimeAsync(WAIT_MS - 1);
    await settle(first, 5n);
    await vi.advanceTimersByTimeAsync(WAIT_MS - 1);
    expect(waiting.outcome).toBe('waits');
    await vi.advanceTimersByTimeAsync(1);
    expect(waiting.outcome).toMatchObject({
      reserved: false,
      balance: { spentPicoUsd: 5n, reservedPicoUsd: 50n },
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits once for what nobody settles, and again after something has changed', async () => {
    const { reserve, settle } = setUp();
    const [first, second] = [entryOf(50n), entryOf(50n)];
    reserve(first);
    reserve(second);
    reserve(entryOf(60n));
    await vi.advanceTimersByTimeAsync(WAIT_MS);
    expect(reserve(entryOf(60n)).outcome).toEqual(REFUSED);
    await settle(first, 10n);
    expect(reserve(entryOf(60n)).outcome).toBe('waits');
  });

  it('goes on waiting where another account is full by then', async () => {
    const { reserve, settle } = setUp();
    const [one, other] = [account({ budget: 'one' }), account({ budget: 'other' })];
    const [first, second] = [entryOf(100n, one), entryOf(100n, other)];
    reserve(first);
    reserve(second);
    const waiting = reserve(entryOf(50n, one, other));
    await settle(first, 0n);
    expect(waiting.outcome).toBe('waits');
    await settle(second, 0n);
    expect(waiting.outcome).toEqual(LATER);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves when the caller gives up', async () => {
    const { reserve, settle, store } = setUp();
    const first = entryOf(100n);
    reserve(first);
    const caller = new AbortController();
    const waiting = reserve(entryOf(50n), caller.signal);
    caller.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(waiting.outcome).toMatchObject({ name: 'AbortError' });
    await settle(first, 0n);
    expect(store.balance(account()).reservedPicoUsd).toBe(0n);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([false, true])(
    'does not wait for a caller who has left before (shared store: %s)',
    async (shared) => {
      const { reserve, store } = setUp(shared);
      void store.reserve(entryOf(100n));
      const waiting = reserve(entryOf(50n), AbortSignal.abort());
      await vi.advanceTimersByTimeAsync(10);
      expect(waiting.outcome).toMatchObject({ name: 'AbortError' });
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it('asks a shared store again and again, for what other processes settle', async () => {
    const { reserve, store } = setUp(true);
    const first = entryOf(100n);
    await vi.advanceTimersByTimeAsync(0);
    void store.reserve(first);
    const waiting = reserve(entryOf(50n));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(waiting.outcome).toBe('waits');
    void store.settle(first, 10n);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(waiting.outcome).toEqual(LATER);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives back what a shared store grants to a caller who has left', async () => {
    const { reserve, settle, store, released } = setUp(true);
    const first = entryOf(100n);
    void store.reserve(first);
    const caller = new AbortController();
    const late = entryOf(50n);
    reserve(late, caller.signal);
    await vi.advanceTimersByTimeAsync(10);
    const settled = settle(first, 0n);
    caller.abort();
    await settled;
    expect(released).toEqual([late.id]);
    expect(store.balance(account()).reservedPicoUsd).toBe(0n);
  });

  it('tells everybody who waits when a shared store fails', async () => {
    const { reserve, settle, store } = setUp(true);
    const first = entryOf(100n);
    void store.reserve(first);
    const waiting = [reserve(entryOf(50n)), reserve(entryOf(60n))];
    await vi.advanceTimersByTimeAsync(10);
    store.reserve = () => Promise.reject(new Error('gone'));
    await settle(first, 0n);
    expect(waiting.map(({ outcome }) => outcome)).toEqual([new Error('gone'), new Error('gone')]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
