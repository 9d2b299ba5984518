import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBudgetEntry } from './budget-entry.js';
import type { BudgetEntry, BudgetStore } from './budget-store.js';
import { memoryBudgetStore } from './memory-budget-store.js';
import { createSettlementOutbox, type SettlementOutbox } from './settlement-outbox.js';
import { contractAccount } from './testing/contract-store.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface SetUp {
  readonly outbox: SettlementOutbox;
  readonly memory: BudgetStore;
  readonly failures: unknown[];
  /** What the store was told, in order. */
  readonly told: string[];
  /** Whether the store answers. */
  away: boolean;
  hold(picoUsd: bigint, value?: string): BudgetEntry;
}

function setUp(): SetUp {
  const memory = memoryBudgetStore();
  const tell = async (what: string, act: () => void | Promise<void>): Promise<void> => {
    state.told.push(what);
    if (state.away) throw new Error('gone');
    await act();
  };
  const store: BudgetStore = {
    ...memory,
    settle: (entry, spent) => tell(`settle ${spent}`, () => memory.settle(entry, spent)),
    book: (entry) => tell(`book ${entry.picoUsd}`, () => memory.book(entry)),
  };
  const failures: unknown[] = [];
  const outbox = createSettlementOutbox(store, {
    onDelivered: () => undefined,
    onFailed: (error) => void failures.push(error),
  });
  const state: SetUp = {
    outbox,
    memory,
    failures,
    told: [],
    away: false,
    hold: (picoUsd, value = '') => {
      const entry = createBudgetEntry([contractAccount({ value, limitPicoUsd: 10n ** 9n })], picoUsd);
      expect(memory.reserve(entry)).toEqual({ reserved: true });
      return entry;
    },
  };
  return state;
}

const spent = ({ memory }: SetUp, value = ''): bigint =>
  memory.balance(contractAccount({ value })).spentPicoUsd;

describe('createSettlementOutbox', () => {
  it('tells a store of this process at once, and its watcher then', () => {
    const memory = memoryBudgetStore();
    const delivered: unknown[] = [];
    const outbox = createSettlementOutbox(memory, {
      onDelivered: (accounts) => void delivered.push(accounts),
      onFailed: () => undefined,
    });
    const entry = createBudgetEntry([contractAccount()], 50n);
    void memory.reserve(entry);
    outbox.settle(entry, 20n);
    expect(delivered).toEqual([entry.accounts]);
    expect(memory.balance(contractAccount()).spentPicoUsd).toBe(20n);
  });

  it('repeats what a store did not take, ever more rarely, until it does', async () => {
    const state = setUp();
    state.away = true;
    state.outbox.settle(state.hold(50n), 20n);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state.failures.length).toBeGreaterThan(5);
    expect(state.failures.length).toBeLessThan(20);
    state.away = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(spent(state)).toBe(20n);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('asks with one statement while the store is away, and brings all once it is back', async () => {
    const state = setUp();
    state.away = true;
    const entries = Array.from({ length: 100 }, () => state.hold(5n));
    state.outbox.settle(entries[0] as BudgetEntry, 1n);
    await vi.advanceTimersByTimeAsync(0);
    for (const entry of entries.slice(1)) state.outbox.settle(entry, 1n);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(state.told.length).toBeLessThan(6);
    state.away = false;
    state.outbox.answered();
    await vi.advanceTimersByTimeAsync(0);
    expect(spent(state)).toBe(100n);
  });

  it('adds bookings of the same accounts together while they wait, but none that may have arrived', async () => {
    const state = setUp();
    state.away = true;
    const booking = (picoUsd: bigint, value = ''): BudgetEntry =>
      createBudgetEntry([contractAccount({ value })], picoUsd);
    state.outbox.book(booking(1n));
    await vi.advanceTimersByTimeAsync(0);
    for (let index = 0; index < 1_000; index += 1) state.outbox.book(booking(2n));
    state.outbox.book(booking(7n, 'acme'));
    state.away = false;
    state.told.length = 0;
    await state.outbox.flush(1_000);
    expect(state.told).toEqual(['book 1', 'book 2000', 'book 7']);
    expect([spent(state), spent(state, 'acme')]).toEqual([2_001n, 7n]);
  });

  it('flushes: waits for what is on its way, tries what waits, and no longer than it may', async () => {
    const state = setUp();
    state.outbox.settle(state.hold(50n), 20n);
    await state.outbox.flush(1_000);
    expect(spent(state)).toBe(20n);
    state.away = true;
    state.outbox.settle(state.hold(50n), 30n);
    let done = false;
    void state.outbox.flush(1_000).then(() => {
      done = true;
    });
    await vi.advanceTimersByTimeAsync(999);
    expect(done).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toBe(true);
    const flushed = state.outbox.flush(1_000);
    state.away = false;
    await vi.advanceTimersByTimeAsync(100);
    await flushed;
    expect(spent(state)).toBe(50n);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('has an end: what is beyond it stays at its reservation', async () => {
    const state = setUp();
    state.away = true;
    for (let index = 0; index < 10_050; index += 1) {
      state.outbox.settle(state.hold(2n), 1n);
      if (index === 0) await vi.advanceTimersByTimeAsync(0);
    }
    state.away = false;
    await state.outbox.flush(5_000);
    expect(state.memory.balance(contractAccount())).toEqual({ spentPicoUsd: 10_000n, reservedPicoUsd: 100n });
  });

  it('lives with a store that throws instead of answering', async () => {
    const memory = memoryBudgetStore();
    let away = true;
    const failures: unknown[] = [];
    const outbox = createSettlementOutbox(
      {
        ...memory,
        book: (entry) => {
          if (away) throw new Error('gone');
          void memory.book(entry);
        },
      },
      { onDelivered: () => undefined, onFailed: (error) => void failures.push(error) },
    );
    outbox.book(createBudgetEntry([contractAccount()], 9n));
    expect(failures).toEqual([new Error('gone')]);
    away = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(memory.balance(contractAccount()).spentPicoUsd).toBe(9n);
  });
});
