import { isArray, type OptionChecks } from '@costkit/core';
import { checkEach, invalid, isCount, requireFields } from './checks.js';

/** What arrives in one hour. */
export interface HourlyLoad {
  /** Input tokens, cached ones excluded. */
  readonly inputTokens: number;
  /** Output tokens. */
  readonly outputTokens: number;
  /** Input tokens that the on-demand call reads from the cache. @defaultValue 0 */
  readonly cacheReadTokens?: number;
  /** Input tokens that the on-demand call writes to the cache for five minutes. @defaultValue 0 */
  readonly cacheWriteTokens?: number;
  /** Requests, for the estimate of throttling inside the hour. @defaultValue unknown */
  readonly requests?: number;
}

/** One request of a trace. */
export interface TraceRequest {
  /** When it arrived, in milliseconds from any start. */
  readonly atMs: number;
  /** Input tokens, cached ones excluded. */
  readonly inputTokens: number;
  /** Output tokens. */
  readonly outputTokens: number;
  /** Input tokens read from the cache. @defaultValue 0 */
  readonly cacheReadTokens?: number;
  /** Input tokens written to the cache for five minutes. @defaultValue 0 */
  readonly cacheWriteTokens?: number;
}

/** Tokens that arrive within a stretch of time. */
export interface LoadBucket {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly requests: number | undefined;
}

/** Load over a cycle that repeats. */
export interface LoadProfile {
  readonly buckets: readonly LoadBucket[];
  /** Length of one bucket. */
  readonly minutes: number;
}

const MINUTE_MS = 60_000;
/** A month of minutes and a bit: more would only take memory. */
const MOST_BUCKETS = 50_000;

const HOUR: OptionChecks<HourlyLoad> = {
  inputTokens: isCount,
  outputTokens: isCount,
  cacheReadTokens: isCount,
  cacheWriteTokens: isCount,
  requests: isCount,
};
const REQUEST: OptionChecks<TraceRequest> = {
  atMs: isCount,
  inputTokens: isCount,
  outputTokens: isCount,
  cacheReadTokens: isCount,
  cacheWriteTokens: isCount,
};

/**
 * Load by the hour from a profile, or by the minute from a trace.
 *
 * @throws InvalidOptionError when neither or both are given, or an entry is malformed
 */
export function loadProfileOf(
  hours: readonly HourlyLoad[] | undefined,
  trace: readonly TraceRequest[] | undefined,
): LoadProfile {
  if ((hours === undefined) === (trace === undefined))
    throw invalid(
      'hours',
      hours === undefined ? 'is missing; give it or trace' : 'and trace are given; give one',
    );
  if (hours !== undefined) {
    checkList(hours, HOUR, 'hours');
    return { minutes: 60, buckets: hours.map(bucketOf) };
  }
  checkList(trace!, REQUEST, 'trace');
  return { minutes: 1, buckets: minutesOf(trace!) };
}

function checkList<T extends { readonly inputTokens: number; readonly outputTokens: number }>(
  list: readonly T[],
  checks: OptionChecks<T>,
  path: string,
): void {
  const problem = isArray(list) ?? (list.length === 0 ? 'is empty' : undefined);
  if (problem !== undefined) throw invalid(path, problem);
  checkEach(list, checks, path);
  for (const [index, entry] of list.entries())
    requireFields(entry, ['inputTokens', 'outputTokens'], `${path}[${index}].`);
}

function bucketOf(hour: HourlyLoad): LoadBucket {
  return {
    input: hour.inputTokens,
    output: hour.outputTokens,
    cacheRead: hour.cacheReadTokens ?? 0,
    cacheWrite: hour.cacheWriteTokens ?? 0,
    requests: hour.requests,
  };
}

function minutesOf(trace: readonly TraceRequest[]): LoadBucket[] {
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const { atMs } of trace) {
    if (atMs === undefined) throw invalid('trace', 'has a request without atMs');
    first = Math.min(first, atMs);
    last = Math.max(last, atMs);
  }
  const count = Math.floor((last - first) / MINUTE_MS) + 1;
  if (count > MOST_BUCKETS) throw invalid('trace', `spans ${count} minutes; give at most ${MOST_BUCKETS}`);
  const buckets = Array.from({ length: count }, () => ({
    input: 0,
    output: 0,
    cacheRead: 0,
    cacheWrite: 0,
    requests: 0,
  }));
  for (const request of trace) {
    const bucket = buckets[Math.floor((request.atMs - first) / MINUTE_MS)]!;
    bucket.input += request.inputTokens;
    bucket.output += request.outputTokens;
    bucket.cacheRead += request.cacheReadTokens ?? 0;
    bucket.cacheWrite += request.cacheWriteTokens ?? 0;
    bucket.requests += 1;
  }
  return buckets;
}

/** The sum of all buckets. */
export function totalLoad(buckets: readonly LoadBucket[]): LoadBucket {
  const total = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, requests: 0 as number | undefined };
  for (const bucket of buckets) {
    total.input += bucket.input;
    total.output += bucket.output;
    total.cacheRead += bucket.cacheRead;
    total.cacheWrite += bucket.cacheWrite;
    total.requests =
      total.requests === undefined || bucket.requests === undefined
        ? undefined
        : total.requests + bucket.requests;
  }
  return total;
}
