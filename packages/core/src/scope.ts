import { AsyncLocalStorage } from 'node:async_hooks';
import type { Receipt, Tags } from './receipt.js';

/** What travels with the asynchronous context of the application's code. */
interface Scope {
  readonly tags: Tags;
  readonly collectors: readonly Receipt[][];
}

const EMPTY: Scope = { tags: {}, collectors: [] };
const KEY = Symbol.for('costkit.scope');

// One storage for all copies of this package in a process: an application and one of its libraries may each
// bring their own copy, and tags must reach both.
const shared = globalThis as { [KEY]?: AsyncLocalStorage<Scope> };
shared[KEY] ??= new AsyncLocalStorage<Scope>();
const storage: AsyncLocalStorage<Scope> = shared[KEY];

/** The scope around the running code. @internal */
export function currentScope(): Scope {
  return storage.getStore() ?? EMPTY;
}

/**
 * Books every Bedrock call that `fn` makes, also through LangChain or an agent, under the tags. Inner tags win
 * over outer ones, and a request's own `requestMetadata` wins over both.
 *
 * @example
 * ```ts
 * await withTags({ feature: 'support', team: 'care' }, () => client.send(command));
 * ```
 */
export function withTags<T>(tags: Tags, fn: () => T): T {
  const outer = currentScope();
  return storage.run({ ...outer, tags: { ...outer.tags, ...tags } }, fn);
}

/** The tags that a call made here would carry. */
export function currentTags(): Tags {
  return currentScope().tags;
}

/** What {@link collectReceipts} returns. */
export interface CollectedReceipts<T> {
  /** What `fn` returned. */
  readonly result: T;
  /** In the order in which the calls began. A stream that is still being read has `settled: false`. */
  readonly receipts: readonly Receipt[];
}

/**
 * Runs `fn` and returns its result with the receipts of all Bedrock calls below it, however deep.
 *
 * @example
 * ```ts
 * const { result, receipts } = await collectReceipts(() => agent.invoke(question));
 * const total = Money.sum(receipts.map((receipt) => receipt.cost ?? Money.zero));
 * ```
 */
export async function collectReceipts<T>(fn: () => T | Promise<T>): Promise<CollectedReceipts<T>> {
  const outer = currentScope();
  const receipts: Receipt[] = [];
  const result = await storage.run({ ...outer, collectors: [...outer.collectors, receipts] }, fn);
  return { result, receipts };
}
