import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBudgetEntry } from '../budget-entry.js';
import { contractAccount } from '../testing/contract-store.js';
import { redisBudgetStore } from './redis-budget-store.js';
import type { SendRedisCommand } from './redis-client.js';

const entry = createBudgetEntry([contractAccount()], 7n);

describe('redisBudgetStore', () => {
  it.each<[object]>([
    [{}],
    [{ client: {} }],
    [{ client: 'redis://localhost' }],
    [{ client: () => undefined, prefix: '' }],
    [{ client: () => undefined, prefix: '{costkit}' }],
    [{ client: () => undefined, timeoutMs: 0 }],
    [{ client: () => undefined, leaseMs: Number.NaN }],
    [{ client: () => undefined, url: 'redis://localhost' }],
  ])('refuses %o', (options) => {
    expect(() => redisBudgetStore(options as never)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION' }),
    );
  });

  describe('with a server that is away', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it('answers in bounded time, whatever the client waits for', async () => {
      const store = redisBudgetStore({ client: () => new Promise(() => undefined), timeoutMs: 500 });
      const answers = [store.reserve(entry), store.settle(entry, 1n), store.open?.()].map((answer) =>
        expect(answer).rejects.toThrow('no answer within 500 ms'),
      );
      await vi.advanceTimersByTimeAsync(501);
      await Promise.all(answers);
    });
  });

  it('hands on what the client says is wrong', async () => {
    const store = redisBudgetStore({ client: () => Promise.reject(new Error('ECONNREFUSED')) });
    await expect(store.reserve(entry)).rejects.toThrow('ECONNREFUSED');
  });

  it('learns how far the clock of the server is ahead', async () => {
    const client: SendRedisCommand = () => Promise.resolve([1, `${Date.now() + 3_600_000}`, 0]);
    const store = redisBudgetStore({ client });
    expect(store.clockOffsetMs).toBe(0);
    await store.open?.();
    expect(store.clockOffsetMs).toBeGreaterThan(3_599_000);
    expect(store.clockOffsetMs).toBeLessThan(3_601_000);
  });

  it('sends amounts as whole dollars and pico-dollars, negative ones too', async () => {
    const sent: (readonly string[])[] = [];
    const client: SendRedisCommand = (command) => {
      sent.push(command.slice(3));
      return Promise.resolve([1, '0', 0, 0, 0, 0, 0]);
    };
    const store = redisBudgetStore({ client, clock: { now: () => 5, monotonicMs: () => 5 } });
    const account = contractAccount({ limitPicoUsd: 10n ** 40n });
    await store.book({ id: 'b', accounts: [account], picoUsd: -1n });
    await store.settle({ id: 's', accounts: [account], picoUsd: 2_000_000_000_003n }, 1n);
    const limit = [`${2 ** 53 - 1}`, '0', `${account.endsAt + 960_000}`];
    expect(sent.map((command) => command.slice(2))).toEqual([
      ['book', 'b', '5', '900000', '-1', '999999999999', '0', '0', ...limit],
      ['settle', 's', '5', '900000', '2', '3', '0', '1', ...limit],
    ]);
  });
});
