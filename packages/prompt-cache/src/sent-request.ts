import { promptTokens } from '@costkit/core';
import type { Usage } from '@costkit/pricing';
import type { PointChoice } from './choose-points.js';
import { confirmCached, markMissedRead, markRead, type PrefixEntry } from './prefix-table.js';
import type { TokenScale } from './token-scale.js';

/** What is remembered of a request until its answer says what the service did. */
export interface SentRequest {
  readonly modelId: string;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  /** Uncorrected estimate of the prompt; 0 where parts of it cannot be estimated. */
  readonly estimatedTokens: number;
  /** Prefixes at which points of ours were sent. */
  readonly points: readonly { readonly entry: PrefixEntry; readonly ttl: '5m' | '1h' }[];
  /** The longest prefix that the service is known to have in its cache. */
  readonly expectedRead: PrefixEntry | undefined;
}

/** What to remember of a request. */
export function sentRequest(
  modelId: string,
  choice: PointChoice,
  estimatedTokens: number,
  now: number,
): SentRequest {
  const points: { readonly entry: PrefixEntry; readonly ttl: '5m' | '1h' }[] = [];
  let expectedRead: PrefixEntry | undefined;
  for (const { entry, ttl } of choice.points) {
    if (entry === undefined) continue;
    points.push({ entry, ttl });
    if (entry.confirmedUntil > now) expectedRead = entry;
  }
  return { modelId, sentAt: now, estimatedTokens, points, expectedRead };
}

/** Compares what the service read, wrote and counted with what was expected. */
export function learnFromUsage(request: SentRequest, usage: Usage, scale: TokenScale, now: number): void {
  const { modelId, points, expectedRead, estimatedTokens, sentAt } = request;
  if (estimatedTokens > 0) scale.learn(modelId, estimatedTokens, promptTokens(usage));
  if (expectedRead !== undefined) {
    if (usage.cacheRead > 0) markRead(expectedRead);
    else markMissedRead(expectedRead, now);
  }
  if (usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h === 0) return;
  for (const { entry } of points) confirmCached(entry, sentAt);
}
