import {
  checkOptions,
  InvalidOptionError,
  isNonNegativeNumber,
  isOneOf,
  isPositiveInteger,
  isText,
  promptTokens,
  type Receipt,
} from '@costkit/core';
import { type SlidingSum, slidingSum } from '../sliding-sum.js';

/** A figure that a threshold can watch; means and shares are those of the window. */
export type ThresholdMetric =
  /** Dollars in the window. */
  | 'spendUsd'
  /** Dollars per call. */
  | 'usdPerCall'
  /** Calls in the window. */
  | 'calls'
  /** Share of the calls that ended with an error. */
  | 'errorRate'
  /** Share of the calls whose price is unknown. */
  | 'unpricedRate'
  /** Tokens per prompt, what was read from the cache included. */
  | 'promptTokens'
  /** Share of the prompt tokens that was read from the cache. */
  | 'cacheHitRate'
  /** Mean time until the whole answer was there. */
  | 'latencyMs';

/** A limit of yours, for each scope. */
export interface Threshold {
  /** Stands in the alert; unique. */
  readonly name: string;
  /** What is watched. */
  readonly metric: ThresholdMetric;
  /** Alerts when the figure is above it. */
  readonly above?: number;
  /** Alerts when the figure is below it. */
  readonly below?: number;
  /** The latest stretch of time that counts. @defaultValue 3_600_000, an hour */
  readonly windowMs?: number;
  /** With fewer calls in the window, means and shares say nothing. @defaultValue 20 */
  readonly minCalls?: number;
}

interface Part {
  /** What a receipt adds to the figure. */
  readonly amount: (receipt: Receipt) => number;
  /** What it adds to the divisor; absent: the figure is a sum. */
  readonly of?: (receipt: Receipt) => number;
}

const one = (): number => 1;
const usdOf = ({ cost }: Receipt): number => cost?.usd ?? 0;

const METRICS: Readonly<Record<ThresholdMetric, Part>> = {
  spendUsd: { amount: usdOf },
  usdPerCall: { amount: usdOf, of: ({ cost }) => (cost === undefined ? 0 : 1) },
  calls: { amount: one },
  errorRate: { amount: ({ error }) => (error === undefined ? 0 : 1), of: one },
  unpricedRate: { amount: ({ cost }) => (cost === undefined ? 1 : 0), of: one },
  promptTokens: {
    amount: ({ usage }) => promptTokens(usage),
    of: ({ usage }) => (promptTokens(usage) > 0 ? 1 : 0),
  },
  cacheHitRate: { amount: ({ usage }) => usage.cacheRead, of: ({ usage }) => promptTokens(usage) },
  latencyMs: { amount: ({ latencyMs }) => latencyMs, of: one },
};

const HOUR_MS = 3_600_000;
const DEFAULT_MIN_CALLS = 20;

/** What a threshold found. */
export interface Crossing {
  readonly observed: number;
  readonly limit: number;
  readonly direction: 'above' | 'below';
}

/** One threshold in one scope. */
export interface ThresholdWatch {
  readonly threshold: Threshold;
  take(receipt: Receipt, atMs: number): Crossing | undefined;
}

export function thresholdWatch(threshold: Threshold): ThresholdWatch {
  const { metric, above, below, windowMs = HOUR_MS, minCalls = DEFAULT_MIN_CALLS } = threshold;
  const { amount, of } = METRICS[metric];
  const sum: SlidingSum = slidingSum(windowMs);
  const divisor: SlidingSum = slidingSum(windowMs);
  const calls: SlidingSum = slidingSum(windowMs);
  return {
    threshold,
    take: (receipt, atMs) => {
      sum.add(amount(receipt), atMs);
      calls.add(1, atMs);
      let observed = sum.total(atMs);
      if (of !== undefined) {
        divisor.add(of(receipt), atMs);
        const total = divisor.total(atMs);
        if (total === 0 || calls.total(atMs) < minCalls) return undefined;
        observed /= total;
      }
      if (above !== undefined && observed > above) return { observed, limit: above, direction: 'above' };
      if (below !== undefined && observed < below && calls.total(atMs) >= minCalls)
        return { observed, limit: below, direction: 'below' };
      return undefined;
    },
  };
}

/** @throws `InvalidOptionError` for thresholds that are incomplete, wrong, or of the same name. */
export function checkThresholds(thresholds: readonly Threshold[]): void {
  const names = new Set<string>();
  for (const [index, threshold] of thresholds.entries()) {
    const path = `thresholds[${index}].`;
    checkOptions<Threshold>(
      'meter',
      threshold,
      {
        name: isText,
        metric: isOneOf(...Object.keys(METRICS)),
        above: isNonNegativeNumber,
        below: isNonNegativeNumber,
        windowMs: isPositiveInteger,
        minCalls: isPositiveInteger,
      },
      path,
    );
    const { name, metric, above, below } = threshold;
    const missing = name === undefined ? 'name' : metric === undefined ? 'metric' : undefined;
    if (missing !== undefined) throw new InvalidOptionError('meter', path + missing, 'is missing');
    if (names.has(name)) throw new InvalidOptionError('meter', `${path}name`, `"${name}" is taken`);
    names.add(name);
    if ((above === undefined) === (below === undefined))
      throw new InvalidOptionError('meter', `${path}above`, 'or below must be given, one of them');
  }
}
