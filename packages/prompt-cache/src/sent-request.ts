import type { Section } from '@costkit/core';
import type { Usage } from '@costkit/pricing';
import type { PointChoice } from './choose-points.js';
import { confirmCached, markMissedRead, markRead, type PrefixEntry } from './prefix-table.js';

/** A point of ours that was sent. */
interface SentPoint {
  readonly entry: PrefixEntry;
  readonly ttl: '5m' | '1h';
  readonly section: Section;
}

/** What is remembered of a request until its answer says what the service did. */
export interface SentRequest {
  readonly modelId: string;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  /** Prefixes at which points of ours were sent. */
  readonly points: readonly SentPoint[];
  /** The longest prefix that the service is known to have in its cache. */
  readonly expectedRead: PrefixEntry | undefined;
}

/** What to remember of a request. */
export function sentRequest(modelId: string, choice: PointChoice, now: number): SentRequest {
  const points: SentPoint[] = [];
  let expectedRead: PrefixEntry | undefined;
  for (const { entry, ttl, place } of choice.points) {
    if (entry === undefined) continue;
    points.push({ entry, ttl, section: place.section });
    if (entry.confirmedUntil > now) expectedRead = entry;
  }
  return { modelId, sentAt: now, points, expectedRead };
}

/** Compares what the service read and wrote with what was expected. */
export function learnFromUsage(request: SentRequest, usage: Usage, now: number): void {
  const { points, expectedRead, sentAt } = request;
  if (expectedRead !== undefined) {
    if (usage.cacheRead > 0) markRead(expectedRead);
    else markMissedRead(expectedRead, now);
  }
  if (usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h === 0) return;
  for (const { entry } of points) confirmCached(entry, sentAt);
}
