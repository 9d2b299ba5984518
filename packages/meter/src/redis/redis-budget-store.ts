import { checkOptions, InvalidOptionError, isText } from '@costkit/core';
import type { BudgetAccount } from '../budget.js';
import type { BudgetEntry, BudgetStore } from '../budget-store.js';
import { DEFAULT_LEASE_MS } from '../memory-budget-store.js';
import { answerWithin } from '../shared-store/answer-within.js';
import { createSeenBalances } from '../shared-store/seen-balances.js';
import {
  DEFAULT_SEEN_ACCOUNTS,
  DEFAULT_TIMEOUT_MS,
  SHARED_STORE_CHECKS,
  type SharedStoreOptions,
} from '../shared-store/shared-store-options.js';
import { createStoreClock } from '../shared-store/store-clock.js';
import { isRedisClient, type RedisClientLike, scriptRunner } from './redis-client.js';
import { REDIS_SCRIPT } from './redis-script.js';

/** What {@link redisBudgetStore} takes. */
export interface RedisBudgetStoreOptions extends SharedStoreOptions {
  /** A connected client of `redis`, `ioredis` or `iovalkey`, or a function that sends a command. */
  readonly client: RedisClientLike;
  /**
   * First part of all keys. It is their hash tag too: a call's accounts are checked in one step, so in a cluster
   * they all live in one slot.
   *
   * @defaultValue `"costkit"`
   */
  readonly prefix?: string;
}

const PICO_PER_USD = 10n ** 12n;
/** Whole dollars that a double counts exactly. */
const MOST_USD = 2n ** 53n - 1n;
/** Balances stay this long after their period, and what a reservation lasts: calls may end late. */
const GRACE_MS = 60_000;

type Operation = 'reserve' | 'settle' | 'book' | 'read';

/** An amount as the script counts: whole dollars, and the pico-dollars beyond them. */
function limbs(picoUsd: bigint): [string, string] {
  const rest = ((picoUsd % PICO_PER_USD) + PICO_PER_USD) % PICO_PER_USD;
  const usd = (picoUsd - rest) / PICO_PER_USD;
  return [`${usd > MOST_USD ? MOST_USD : usd}`, `${rest}`];
}

/**
 * Balances in a Redis or Valkey server that processes share. A reservation is one round trip; all accounts of a call are
 * checked and held in one atomic script. Keys expire after their period.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * const client = await createClient({ url: 'redis://localhost:6379' }).connect();
 * const meter = createMeter({ budgets, store: redisBudgetStore({ client }) });
 * ```
 */
export function redisBudgetStore(options: RedisBudgetStoreOptions): BudgetStore {
  checkOptions<RedisBudgetStoreOptions>('meter', options, {
    ...SHARED_STORE_CHECKS,
    client: isRedisClient,
    prefix: (value) =>
      isText(value) ?? (/[{}]/.test(value as string) ? 'must not contain braces' : undefined),
  });
  if (options.client === undefined) throw new InvalidOptionError('meter', 'client', 'is missing');
  const { client, prefix = 'costkit', clock } = options;
  const { leaseMs = DEFAULT_LEASE_MS, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const run = scriptRunner(client, REDIS_SCRIPT);
  const seen = createSeenBalances(options.maxSeenAccounts ?? DEFAULT_SEEN_ACCOUNTS);
  const storeClock = createStoreClock();

  const keysOf = ({ budget, startsAt, value }: BudgetAccount): [string, string] => {
    const period = Number.isFinite(startsAt) ? new Date(startsAt).toISOString() : 'total';
    const name = `${encodeURIComponent(budget)}:${period}:${value}`;
    return [`{${prefix}}:balance:${name}`, `{${prefix}}:entries:${name}`];
  };

  const argumentsOf = ({ action, limitPicoUsd, endsAt }: BudgetAccount): string[] => [
    ...(action === 'alert' ? ['', ''] : limbs(limitPicoUsd)),
    Number.isFinite(endsAt) ? `${endsAt + leaseMs + GRACE_MS}` : '',
  ];

  const ask = async (
    operation: Operation,
    { id, accounts, picoUsd }: BudgetEntry,
    spentPicoUsd: bigint = 0n,
  ): Promise<{ readonly done: boolean; readonly refusedBy: number }> => {
    const sentMs = Date.now();
    const reply = (await answerWithin(timeoutMs, () =>
      run(accounts.flatMap(keysOf), [
        operation,
        id,
        clock === undefined ? '' : `${Math.floor(clock.now())}`,
        `${leaseMs}`,
        ...limbs(picoUsd),
        ...limbs(spentPicoUsd),
        ...accounts.flatMap(argumentsOf),
      ]),
    )) as readonly unknown[];
    const [done, now, refusedBy, ...amounts] = reply.map(Number);
    if (clock === undefined) {
      const nowThere = now as number;
      storeClock.saw({ fromMs: nowThere, toMs: nowThere }, sentMs, Date.now());
    }
    const amountAt = (index: number): bigint =>
      BigInt(amounts[index] as number) * PICO_PER_USD + BigInt(amounts[index + 1] as number);
    for (const [index, account] of accounts.entries()) {
      seen.set(account, {
        spentPicoUsd: amountAt(4 * index),
        reservedPicoUsd: amountAt(4 * index + 2),
      });
    }
    return { done: done === 1, refusedBy: (refusedBy as number) - 1 };
  };

  const read = async (accounts: readonly BudgetAccount[]): Promise<void> => {
    await ask('read', { id: '', accounts, picoUsd: 0n });
  };

  return {
    reserve: async (entry) => {
      const { done, refusedBy } = await ask('reserve', entry);
      if (done) return { reserved: true };
      const account = entry.accounts[refusedBy] as BudgetAccount;
      return { reserved: false, refusedBy: account, balance: seen.get(account) };
    },
    settle: async (entry, spentPicoUsd) => {
      await ask('settle', entry, spentPicoUsd);
    },
    book: async (entry) => {
      await ask('book', entry);
    },
    balance: seen.get,
    refresh: read,
    open: () => read([]),
    get clockOffsetMs() {
      return storeClock.offsetMs;
    },
  };
}
