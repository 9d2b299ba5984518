import { isObject, type Store } from '@costkit/core';
import type { DraftBalance } from './cascade-economics.js';
import type { Surroundings } from './choose-tier.js';
import type { CompiledPolicy } from './compile-policy.js';
import type { DriftState } from './drift-detector.js';
import { digestOf } from './evaluation/digest.js';
import type { Outage } from './health.js';
import { errorName } from './refusals.js';
import type { Shadow } from './shadow.js';
import type { RouterWarning } from './types.js';

const VERSION = 1;
/** The first call waits so long and no longer: what others have learned is worth less than an answer. */
const READY_MS = 250;
const EXCHANGE_EVERY_MS = 10_000;
/** A rolling deployment has two; a store that remembers all there ever were would grow. */
const MOST_POLICIES = 10;

/** By task. */
type ByTask<T> = Readonly<Record<string, T>>;

/** An outage, and when it was last heard of. */
interface DatedOutage extends Outage {
  readonly at: number;
}

/** What processes tell one another. The names of tasks and models are in it, and nothing of any prompt. */
interface Content {
  readonly version: number;
  /** Why each task was rolled back, by policy; the newest policy first. */
  readonly rollbacks: Readonly<Record<string, ByTask<string>>>;
  readonly drift: Readonly<Record<string, ByTask<DriftState>>>;
  /** By model. */
  readonly health: Readonly<Record<string, DatedOutage>>;
  readonly drafts: ByTask<DraftBalance>;
}

const EMPTY: Content = { version: VERSION, rollbacks: {}, drift: {}, health: {}, drafts: {} };

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

function contentOf(text: string | undefined): Content {
  if (text === undefined) return EMPTY;
  let content: Content | null = null;
  try {
    content = JSON.parse(text);
  } catch {
    // Something else stands there.
  }
  // What is not ours, or of another version, is written anew.
  const isOurs =
    content?.version === VERSION &&
    Object.keys(EMPTY).every(
      (name) => name === 'version' || isObject(content?.[name as keyof Content]) === undefined,
    );
  return isOurs ? (content as Content) : EMPTY;
}

/** Waits for a promise for so long; how it ends does not matter. */
function atMost(ms: number, promise: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    promise.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
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
      const known = outages.get(target);
      if (known?.until !== outage.until) outages.set(target, { ...outage, at: nowMs });
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
      const own = Object.fromEntries(rollbacks.tasksOf(policy));
      const watched = Object.fromEntries(shadow()?.drift(policy) ?? []);
      const newestFirst = <T>(named: T, others: Readonly<Record<string, T>>): Record<string, T> =>
        Object.fromEntries(
          Object.entries({ [name]: named, ...others, [name]: named }).slice(0, MOST_POLICIES),
        );
      if (Object.keys(own).length > 0) rolledBack = newestFirst(own, rolledBack);
      if (Object.keys(watched).length > 0) drift = newestFirst(watched, drift);
    }
    return {
      version: VERSION,
      rollbacks: rolledBack,
      drift,
      health: { ...content.health, ...Object.fromEntries(outages) },
      drafts: { ...content.drafts, ...Object.fromEntries(economics.balances()) },
    };
  };

  const exchangeOnce = async (nowMs: number): Promise<void> => {
    try {
      const before = await store.get(key);
      const content = contentOf(before);
      absorb(content, nowMs);
      const after = merged(content);
      const text = JSON.stringify(after);
      if (text !== before && text !== JSON.stringify(EMPTY)) await store.set(key, text);
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
