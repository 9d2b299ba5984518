import type { CachePoint, Decision, LeverMode, Section, Store } from '@costkit/core';
import type { CacheRules, Money, PriceOverride } from '@costkit/pricing';
import type { PrefixTelemetry } from './prefix-telemetry.js';

/** Which lifetime cache points get. `auto`: whichever costs less by the gaps that were observed. */
export type TtlChoice = 'auto' | '5m' | '1h';

/** Corrections of the catalogue's caching rules, by foundation-model id. */
export type CacheRulesByModel = Readonly<Record<string, Partial<CacheRules>>>;

/** What `withPromptCache` and `promptCachePlugin` take. */
export interface PromptCacheOptions {
  /** `off`, `observe` (says what it would save, sends the request as it was) or `enforce`. @defaultValue `"enforce"` */
  readonly mode?: LeverMode;
  /**
   * `true`: every prefix is taken to come again within its lifetime, so points are placed from the first call on,
   * without waiting for evidence. For short-lived processes that call the same prompt, such as Lambda functions.
   * @defaultValue `false`
   */
  readonly expectReuse?: boolean;
  /** @defaultValue `"auto"` */
  readonly ttl?: TtlChoice;
  /** Prefixes whose arrivals are remembered; the longest unseen is forgotten first. @defaultValue 4096 */
  readonly maxPrefixes?: number;
  /** Corrections of the catalogue's caching rules, by foundation-model id. @defaultValue `{}` */
  readonly rules?: CacheRulesByModel;
  /**
   * Longest that a call waits for another one that is writing the same prefix right now, in milliseconds. It waits only
   * where the model is known to begin its answers within that time; else it is sent without a point, because a second
   * write costs more than plain input. 0: never waits. Nothing of this with `expectReuse`.
   * @defaultValue 1_000
   */
  readonly maxWaitMs?: number;
  /** Counts hits, writes and savings of each prefix: `prefixTelemetry()`. @defaultValue none */
  readonly telemetry?: PrefixTelemetry;
  /**
   * Keeps what was learned of prefixes, so that a new process begins where another has stopped, and processes that share
   * it add up what they learn. It holds hashes and counts, no prompt. Read at the beginning, for at most 250 ms; written
   * at most every 10 seconds.
   * @defaultValue none: every process learns for itself
   */
  readonly store?: Store;
  /** Under which key of `store`; clients with other traffic need another. @defaultValue `"costkit:prompt-cache"` */
  readonly storeKey?: string;
}

/** Options with their defaults. */
export type PromptCacheSettings = Required<Omit<PromptCacheOptions, 'store' | 'telemetry'>> & {
  readonly store: Store | undefined;
  readonly telemetry: PrefixTelemetry | undefined;
};

/** What a cache point is for. */
export type PointPurpose =
  /** Was in the request already. */
  | 'caller'
  /** Ends the tools. */
  | 'tools'
  /** Ends the system prompt, or a part of it. */
  | 'system'
  /** Ends what comes before the last question: examples or documents that other requests share. */
  | 'shared'
  /** Ends the turn that the request before this one ended with, where it is read. */
  | 'previousTurn'
  /** Ends the last user turn; the next request of the conversation reads it. */
  | 'lastTurn';

/** A cache point of a plan. */
export interface PlannedPoint extends CachePoint {
  readonly purpose: PointPurpose;
  readonly section: Section;
  /** Estimated tokens from the start of the prompt up to the point. */
  readonly tokens: number;
}

/** What a plan costs and saves, by the model's own rates. */
export interface CacheEconomics {
  /** Estimated tokens up to the last point. */
  readonly cachedTokens: number;
  /** What writing them costs over plain input, once; negative where a write is cheaper than input. */
  readonly writePremium: Money;
  /** What one request saves that reads all of them. */
  readonly savingPerRead: Money;
  /** How many reads within the lifetime pay for the write. */
  readonly readsToBreakEven: number;
}

/** A plan of cache points for one request. */
export interface CachePlan<Input = object> {
  /** The request with its cache points; the very object that was given when nothing changed. */
  readonly input: Input;
  /** All cache points of `input`, in prompt order. */
  readonly points: readonly PlannedPoint[];
  /** Why there are points, or none. */
  readonly decisions: readonly Decision[];
  /** `undefined` without points, or when a rate is unknown. */
  readonly economics: CacheEconomics | undefined;
}

/** What `planCachePoints` takes besides the request. */
export interface PlanCachePointsOptions {
  /** The model that will be called. @defaultValue the request's own `modelId` */
  readonly model?: string;
  /** Lifetime of the points; falls back to 5 minutes where the model has no other. @defaultValue `"5m"` */
  readonly ttl?: '5m' | '1h';
  /**
   * Whether more turns follow, so that the last user turn is worth a point.
   * @defaultValue `true` when the request holds an assistant's turn
   */
  readonly conversation?: boolean;
  /** Source Region, for prices. */
  readonly region?: string;
  /** Negotiated prices. */
  readonly priceOverrides?: readonly PriceOverride[];
  /** Corrections of the catalogue's caching rules, by foundation-model id. @defaultValue `{}` */
  readonly rules?: CacheRulesByModel;
}
