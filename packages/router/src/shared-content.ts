import { isObject } from '@costkit/core';
import type { DraftBalance } from './cascade-economics.js';
import type { DriftState } from './drift-detector.js';
import type { Outage } from './health.js';

const VERSION = 1;
/** A rolling deployment has two; a store that remembers all there ever were would grow. */
const MOST_POLICIES = 10;

/** By task. */
type ByTask<T> = Readonly<Record<string, T>>;

/** An outage, and when it was last heard of. */
export interface DatedOutage extends Outage {
  readonly at: number;
}

/** What processes tell one another. The names of tasks and models are in it, and nothing of any prompt. */
export interface Content {
  readonly version: number;
  /** Why each task was rolled back, by policy; the newest policy first. */
  readonly rollbacks: Readonly<Record<string, ByTask<string>>>;
  readonly drift: Readonly<Record<string, ByTask<DriftState>>>;
  /** By model. */
  readonly health: Readonly<Record<string, DatedOutage>>;
  readonly drafts: ByTask<DraftBalance>;
}

export const EMPTY: Content = { version: VERSION, rollbacks: {}, drift: {}, health: {}, drafts: {} };

/** What the text of a store says. What is not ours, or of another version, is taken for nothing and written anew. */
export function contentOf(text: string | undefined): Content {
  if (text === undefined) return EMPTY;
  let content: Content | null = null;
  try {
    content = JSON.parse(text);
  } catch {
    // Something else stands there.
  }
  const isOurs =
    content?.version === VERSION &&
    Object.keys(EMPTY).every(
      (name) => name === 'version' || isObject(content?.[name as keyof Content]) === undefined,
    );
  return isOurs ? (content as Content) : EMPTY;
}

/** What was read, and what is known here where that is more. */
export function withMore<T>(
  read: Readonly<Record<string, T>>,
  own: Iterable<readonly [string, T]>,
  isMore: (own: T, read: T) => boolean,
): Record<string, T> {
  const news = [...own].filter(
    ([name, value]) => !Object.hasOwn(read, name) || isMore(value, read[name] as T),
  );
  return { ...read, ...Object.fromEntries(news) };
}

/** Puts a policy that is new there before the others. */
export function withPolicy<T>(
  read: Readonly<Record<string, ByTask<T>>>,
  name: string,
  tasks: ByTask<T>,
): Readonly<Record<string, ByTask<T>>> {
  if (Object.keys(tasks).length === 0) return read;
  if (Object.hasOwn(read, name)) return { ...read, [name]: tasks };
  return Object.fromEntries(Object.entries({ [name]: tasks, ...read }).slice(0, MOST_POLICIES));
}
