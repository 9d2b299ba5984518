import { checkOptions, isPositiveInteger, type Usage } from '@costkit/core';
import { Money } from '@costkit/pricing';
import type { CachePrices } from './cache-prices.js';
import { LEVER_NAME } from './constants.js';

/** What the cache did for one prefix: a system prompt with its tools, or a conversation without them. No text is in it. */
export interface PrefixRecord {
  /** A hash; the same prefix has the same in every process. */
  readonly id: string;
  /** The id or ARN that was called. */
  readonly modelId: string;
  /** Calls with points of ours behind this prefix. */
  readonly calls: number;
  /** Calls that read something from the cache. */
  readonly hits: number;
  /** Calls that wrote for five minutes. */
  readonly writes5m: number;
  /** Calls that wrote for an hour. */
  readonly writes1h: number;
  /** Tokens that were read from the cache. */
  readonly readTokens: number;
  /** Tokens that were written to it, for any lifetime. */
  readonly writtenTokens: number;
  /** What the plans expected to save over plain input, from estimated tokens. */
  readonly expectedSaving: Money;
  /** What was saved by the tokens that the service reports; negative where writes were not read. */
  readonly saving: Money;
  /** What a call costs more that finds nothing in the cache and writes it anew, by the last call. */
  readonly missPrice: Money;
}

/** Counts what the cache does for each prefix. */
export interface PrefixTelemetry {
  /** The records, the greatest saving first. */
  report(): PrefixRecord[];
  /** Takes in a call. @internal */
  add(call: PrefixCall): void;
}

/** One answered call with points of ours. */
interface PrefixCall {
  readonly key: number;
  readonly modelId: string;
  readonly usage: Usage;
  readonly prices: CachePrices;
  readonly expectedPicoUsd: number;
}

/** What {@link prefixTelemetry} takes. */
export interface PrefixTelemetryOptions {
  /** Prefixes that are counted; the longest unseen is forgotten first. @defaultValue 1_000 */
  readonly maxPrefixes?: number;
}

interface Counts {
  modelId: string;
  calls: number;
  hits: number;
  writes5m: number;
  writes1h: number;
  readTokens: number;
  writtenTokens: number;
  expectedPicoUsd: number;
  picoUsd: number;
  missPicoUsd: number;
}

/**
 * Counts hits, writes and savings of each prefix. Give it to one or several clients as the option `telemetry`.
 *
 * @throws `InvalidOptionError` for an unknown or wrong option.
 *
 * @example
 * ```ts
 * const telemetry = prefixTelemetry();
 * const client = withPromptCache(new BedrockRuntimeClient({}), { telemetry });
 * // …
 * for (const { id, hits, calls, saving } of telemetry.report()) console.log(id, `${hits} of ${calls}`, `${saving}`);
 * ```
 */
export function prefixTelemetry(options: PrefixTelemetryOptions = {}): PrefixTelemetry {
  checkOptions<PrefixTelemetryOptions>(LEVER_NAME, options, { maxPrefixes: isPositiveInteger });
  const { maxPrefixes = 1_000 } = options;
  const byKey = new Map<number, Counts>();

  return {
    add: ({ key, modelId, usage, prices, expectedPicoUsd }) => {
      const counts = byKey.get(key) ?? newCounts(modelId);
      byKey.delete(key);
      byKey.set(key, counts);
      if (byKey.size > maxPrefixes) byKey.delete(byKey.keys().next().value as number);
      const { cacheRead, cacheWrite5m, cacheWrite1h } = usage;
      const long = prices.write['1h'] ?? prices.write['5m'];
      counts.calls += 1;
      if (cacheRead > 0) counts.hits += 1;
      if (cacheWrite5m > 0) counts.writes5m += 1;
      if (cacheWrite1h > 0) counts.writes1h += 1;
      counts.readTokens += cacheRead;
      counts.writtenTokens += cacheWrite5m + cacheWrite1h;
      counts.expectedPicoUsd += expectedPicoUsd;
      counts.picoUsd +=
        cacheRead * (prices.input - prices.read) -
        cacheWrite5m * (prices.write['5m'] - prices.input) -
        cacheWrite1h * (long - prices.input);
      const write = cacheWrite1h > cacheWrite5m ? long : prices.write['5m'];
      counts.missPicoUsd = (cacheRead + cacheWrite5m + cacheWrite1h) * (write - prices.read);
    },
    report: () =>
      [...byKey]
        .sort(([, one], [, other]) => other.picoUsd - one.picoUsd)
        .map(([key, { expectedPicoUsd, picoUsd, missPicoUsd, ...counts }]) => ({
          id: key.toString(16),
          ...counts,
          expectedSaving: Money.fromPicoUsd(Math.round(expectedPicoUsd)),
          saving: Money.fromPicoUsd(Math.round(picoUsd)),
          missPrice: Money.fromPicoUsd(Math.round(missPicoUsd)),
        })),
  };
}

const newCounts = (modelId: string): Counts => ({
  modelId,
  calls: 0,
  hits: 0,
  writes5m: 0,
  writes1h: 0,
  readTokens: 0,
  writtenTokens: 0,
  expectedPicoUsd: 0,
  picoUsd: 0,
  missPicoUsd: 0,
});
