import type { Usage } from '@costkit/pricing';
import type { PointChoice } from './choose-points.js';
import { confirmCached, markMissedRead, markRead, type PrefixEntry } from './prefix-table.js';

/** The points of a request on its way. */
export interface PlacedPoints {
  readonly modelId: string;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  readonly points: readonly { readonly entry: PrefixEntry; readonly ttl: '5m' | '1h' }[];
  /** The longest prefix that the service is known to have in its cache. */
  readonly expectedRead: PrefixEntry | undefined;
}

/** What to remember of a choice until its answer is there. */
export function placedPoints(modelId: string, choice: PointChoice, now: number): PlacedPoints {
  const points = choice.points.flatMap(({ entry, ttl }) => (entry === undefined ? [] : [{ entry, ttl }]));
  return {
    modelId,
    sentAt: now,
    points,
    expectedRead: points.findLast(({ entry }) => entry.confirmedUntil > now)?.entry,
  };
}

/** Compares what the service read and wrote with what was expected. */
export function learnFromUsage(
  { points, expectedRead, sentAt }: PlacedPoints,
  usage: Usage,
  now: number,
): void {
  if (expectedRead !== undefined) {
    if (usage.cacheRead > 0) markRead(expectedRead);
    else markMissedRead(expectedRead, now);
  }
  if (usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h === 0) return;
  for (const { entry } of points) confirmCached(entry, sentAt);
}
