import type { Store } from '@costkit/core';
import { atMost } from './at-most.js';
import type { Surroundings } from './choose-tier.js';
import type { CompiledPolicy } from './compile-policy.js';
import { digestOf } from './evaluation/digest.js';
import { errorName } from './refusals.js';
import type { Shadow } from './shadow.js';
import { type Content, contentOf, type DatedOutage, EMPTY, withMore, withPolicy } from './shared-content.js';
import type { RouterWarning } from './types.js';

/** The first call waits so long and no longer: what others have learned is worth less than an answer. */
const READY_MS = 250;
const EXCHANGE_EVERY_MS = 10_000;
/** A store that takes longer is taken to fail. */
const STORE_TIMEOUT_MS = 2_000;

/** What a router knows, shared with other processes. */
export interface SharedState {
  /** Exchanges it where that is due. Only what must be waited for is returned: the first reading. */
  refresh(nowMs: number): Promise<void> | undefined;
  /** Exchanges it now. Never throws. */
  exchange(nowMs: number): Promise<void>;
}

/** What shared state needs of its surroundings. */
export interface SharedStateOptions {
  readonly store: Store;
  readonly key: string;
  readonly surroundings: Pick<Surroundings, 'rollbacks' | 'health' | 'economics' | 'policy'>;
  /** What watches for drift, once there is one. */
  readonly shadow: () => Shadow | undefined;
  readonly warn: (warning: RouterWarning) => void;
}

/** The same policy has the same name in every process. */
function nameOf(policy: CompiledPolicy): string {
  const tasks = [...policy.tasks].map(([task, { tier, floor, evidence }]) => [
    task,
    tier.name,
    floor.name,
    evidence,
  ]);
  return digestOf([policy.createdAt, policy.expiresAt, tasks, policy.fallback?.tier.name]);
}

/** @throws what the promise throws, and an error where it takes too long. */
async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = Object.assign(new Error('The store does not answer.'), { name: 'TimeoutError' });
    timer = setTimeout(() => reject(error), STORE_TIMEOUT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Exchanges what a router knows with other processes: reads what they wrote, takes over what is newer or more, and writes
 * what they lack. Two that write at once lose nothing for good: what is missing is written again the next time.
 */
export function createSharedState({
  store,
  key,
  surroundings,
  shadow,
  warn,
}: SharedStateOptions): SharedState {
  const { rollbacks, health, economics } = surroundings;
  const outages = new Map<string, DatedOutage>();
  let failing = false;
  let dueMs = Number.NEGATIVE_INFINITY;
  let first: Promise<void> | undefined;
  let exchanging: Promise<void> = Promise.resolve();

  const absorb = (content: Content, nowMs: number): void => {
    const policy = surroundings.policy();
    if (policy !== undefined) {
      const name = nameOf(policy);
      for (const [task, why] of Object.entries(content.rollbacks[name] ?? {}))
        rollbacks.rollBack(task, policy, why);
      for (const [task, state] of Object.entries(content.drift[name] ?? {}))
        shadow()?.absorb(task, policy, state);
    }
    for (const [task, balance] of Object.entries(content.drafts)) economics.absorb(task, balance);
    // What has changed here since the last time happened now.
    for (const [target, outage] of health.outages()) {
      // One that was never out is no news.
      const known = outages.get(target)?.until ?? 0;
      if (known !== outage.until) outages.set(target, { ...outage, at: nowMs });
    }
    for (const [target, outage] of Object.entries(content.health)) {
      if (outage.at <= (outages.get(target)?.at ?? 0)) continue;
      outages.set(target, outage);
      health.absorb(target, outage);
    }
  };

  const merged = (content: Content): Content => {
    const policy = surroundings.policy();
    let { rollbacks: rolledBack, drift } = content;
    if (policy !== undefined) {
      const name = nameOf(policy);
      const tasks = withMore(rolledBack[name] ?? {}, rollbacks.tasksOf(policy), () => false);
      rolledBack = withPolicy(rolledBack, name, tasks);
      const watched = shadow()?.drift(policy) ?? [];
      drift = withPolicy(
        drift,
        name,
        withMore(drift[name] ?? {}, watched, (own, read) => own.count > read.count),
      );
    }
    return {
      version: content.version,
      rollbacks: rolledBack,
      drift,
      health: withMore(content.health, outages, (own, read) => own.at > read.at),
      drafts: withMore(content.drafts, economics.balances(), (own, read) => own.drafts > read.drafts),
    };
  };

  const exchangeOnce = async (nowMs: number): Promise<void> => {
    try {
      const before = await inTime(store.get(key));
      const content = contentOf(before);
      absorb(content, nowMs);
      const after = merged(content);
      const text = JSON.stringify(after);
      if (text !== before && text !== JSON.stringify(EMPTY)) await inTime(store.set(key, text));
      failing = false;
    } catch (error) {
      if (failing) return;
      failing = true;
      warn({
        code: 'COSTKIT_STORE_UNREADABLE',
        message: `costkit router: what other processes know could not be exchanged (${errorName(error)}). This one goes by what it sees itself; look at the store.`,
      });
    }
  };

  const exchange = (nowMs: number): Promise<void> => {
    exchanging = exchanging.then(() => exchangeOnce(nowMs));
    return exchanging;
  };

  return {
    exchange,
    refresh: (nowMs) => {
      if (nowMs < dueMs) return first;
      const isFirst = dueMs === Number.NEGATIVE_INFINITY;
      dueMs = nowMs + EXCHANGE_EVERY_MS;
      const exchanged = exchange(nowMs);
      if (isFirst) {
        first = atMost(READY_MS, exchanged).then(() => {
          first = undefined;
        });
      }
      return first;
    },
  };
}
