import { createHash } from 'node:crypto';
import type { CatalogueModel } from '@costkit/pricing/catalogue';
import { draw } from '../draw.js';
import type { CacheTtl, PromptSection } from '../prompt.js';

type CacheRules = NonNullable<CatalogueModel['capabilities']['cache']>;

/** One block of a prompt in cache order: tools, system, messages. */
export interface CacheItem {
  readonly section: PromptSection;
  /** The bytes that have to be equal for a hit, the role of the message included. */
  readonly canonical: string;
  readonly tokens: number;
  readonly cachePoint?: CacheTtl;
}

/** How the input tokens of a request split. The four add up to all of them. */
export interface CacheSplit {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
}

/** What a lookup found; nothing is stored until it is committed. */
interface CacheLookup {
  readonly split: CacheSplit;
  /** Stores the written prefixes and refreshes the ones that were read. Called when the answer begins. */
  commit(): void;
}

/** A request as the cache sees it. */
export interface CacheRequest {
  /** Account, Region and model: nothing is shared across them. */
  readonly partition: string;
  readonly rules: CacheRules | undefined;
  readonly items: readonly CacheItem[];
  /** Settings that, when changed, invalidate cached messages but not tools and system, such as thinking. */
  readonly messageSettings: string;
  /** How many blocks before a cache point an earlier entry is looked for. */
  readonly lookBackBlocks: number;
}

interface Entry {
  readonly lifetimeMs: number;
  readonly expiresAt: number;
}

const LIFETIME_MS: Readonly<Record<CacheRules['ttls'][number], number>> = {
  '5m': 5 * 60_000,
  '30m': 30 * 60_000,
  '1h': 60 * 60_000,
};
/** Entries after which the dead ones are swept out. */
const SWEEP_AT_ENTRIES = 10_000;

/** The prompt cache of one account and Region. */
export interface PromptCache {
  look(request: CacheRequest): CacheLookup;
}

/**
 * Makes an empty prompt cache.
 *
 * The rules are the service's: a prefix of whole blocks is cached at each cache point that has at least the
 * model's minimum of tokens before it; the longest cached prefix is read, what lies between it and the last such
 * point is written, the rest is plain input; a read refreshes the lifetime an entry was written with.
 *
 * @param options.implicitHitRate - Chance (0 to 1) that a request without cache points reads the longest prefix
 * it shares with an earlier one. The service does this on its own at a rate nobody publishes.
 */
export function createPromptCache(options: {
  readonly now: () => number;
  readonly implicitHitRate: number;
  readonly seed: string;
}): PromptCache {
  const explicitEntries = new Map<string, Entry>();
  const implicitEntries = new Map<string, Entry>();
  const implicitDraws = new Map<string, number>();

  const alive = (entries: Map<string, Entry>, key: string): Entry | undefined => {
    const entry = entries.get(key);
    return entry !== undefined && entry.expiresAt > options.now() ? entry : undefined;
  };
  const store = (entries: Map<string, Entry>, key: string, lifetimeMs: number): void => {
    if (entries.size >= SWEEP_AT_ENTRIES) sweep(entries, options.now());
    entries.set(key, { lifetimeMs, expiresAt: options.now() + lifetimeMs });
  };

  /** Counted per prefix, so that calls about other things at the same time change nothing. */
  const drawHit = (key: string): number => {
    const count = implicitDraws.get(key) ?? 0;
    if (implicitDraws.size >= SWEEP_AT_ENTRIES) implicitDraws.clear();
    implicitDraws.set(key, count + 1);
    return draw(options.seed, 'implicit', key, String(count));
  };

  function lookAtPoints(request: CacheRequest, rules: CacheRules): CacheLookup {
    const { items } = request;
    const keys = prefixKeys(request);
    const cumulative = cumulativeTokens(items);
    const points = items.flatMap((item, index) => {
      const tokens = cumulative[index] ?? 0;
      const cacheable = tokens >= rules.minTokens && tokens <= (rules.maxTokens ?? Number.POSITIVE_INFINITY);
      return item.cachePoint !== undefined && cacheable ? [{ index, ttl: item.cachePoint }] : [];
    });

    let hit = -1;
    for (const point of points) {
      const furthest = Math.max(hit + 1, point.index - request.lookBackBlocks);
      for (let index = point.index; index >= furthest; index -= 1) {
        if (alive(explicitEntries, keys[index] ?? '') !== undefined) {
          hit = index;
          break;
        }
      }
    }

    const written = { '5m': 0, '1h': 0 };
    let end = hit;
    for (const point of points) {
      if (point.index <= hit) continue;
      written[point.ttl] += (cumulative[point.index] ?? 0) - (cumulative[end] ?? 0);
      end = point.index;
    }
    return {
      split: {
        input: (cumulative[items.length - 1] ?? 0) - (cumulative[end] ?? 0),
        cacheRead: cumulative[hit] ?? 0,
        cacheWrite5m: written['5m'],
        cacheWrite1h: written['1h'],
      },
      commit() {
        const hitKey = keys[hit] ?? '';
        const read = explicitEntries.get(hitKey);
        if (read !== undefined) store(explicitEntries, hitKey, read.lifetimeMs);
        for (const { index, ttl } of points) {
          const key = keys[index] ?? '';
          // An entry keeps the lifetime it was paid for, whatever later requests ask.
          if (index !== hit) {
            store(explicitEntries, key, alive(explicitEntries, key)?.lifetimeMs ?? LIFETIME_MS[ttl]);
          }
        }
      },
    };
  }

  function lookImplicitly(request: CacheRequest, rules: CacheRules): CacheLookup {
    const { items } = request;
    const keys = prefixKeys(request);
    const cumulative = cumulativeTokens(items);
    const lifetimeMs = LIFETIME_MS[rules.ttls[0] ?? '5m'];
    const cacheable = (index: number): boolean => (cumulative[index] ?? 0) >= rules.minTokens;
    // The last block is always read anew: a prompt that is cached whole would have nothing left to answer.
    let hit = items.length - 2;
    while (hit >= 0 && !(cacheable(hit) && alive(implicitEntries, keys[hit] ?? '') !== undefined)) hit -= 1;
    if (hit >= 0 && drawHit(keys[hit] ?? '') >= options.implicitHitRate) hit = -1;
    const cacheRead = cumulative[hit] ?? 0;
    return {
      split: {
        input: (cumulative[items.length - 1] ?? 0) - cacheRead,
        cacheRead,
        cacheWrite5m: 0,
        cacheWrite1h: 0,
      },
      commit() {
        keys.forEach((key, index) => {
          if (cacheable(index)) store(implicitEntries, key, lifetimeMs);
        });
      },
    };
  }

  return {
    look(request) {
      const { rules, items } = request;
      if (rules?.explicit === true && items.some((item) => item.cachePoint !== undefined)) {
        return lookAtPoints(request, rules);
      }
      if (rules?.implicit === true && options.implicitHitRate > 0) return lookImplicitly(request, rules);
      const input = items.reduce((sum, item) => sum + item.tokens, 0);
      return { split: { input, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 }, commit() {} };
    },
  };
}

/** A key for the prefix that ends with each item: a chain, so that any earlier change changes all later keys. */
function prefixKeys(request: CacheRequest): string[] {
  let chain = request.partition;
  let inMessages = false;
  return request.items.map((item) => {
    const hash = createHash('sha256').update(chain);
    if (item.section === 'messages' && !inMessages) {
      inMessages = true;
      hash.update(`\u0000${request.messageSettings}`);
    }
    chain = hash.update(`\u0000${item.section}\u0000`).update(item.canonical).digest('base64');
    return chain;
  });
}

function cumulativeTokens(items: readonly CacheItem[]): number[] {
  let sum = 0;
  return items.map((item) => {
    sum += item.tokens;
    return sum;
  });
}

function sweep(entries: Map<string, Entry>, now: number): void {
  for (const [key, entry] of entries) if (entry.expiresAt <= now) entries.delete(key);
}
