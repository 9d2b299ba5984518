import { NO_USAGE, type Usage } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { createPrefixTable, markCached, type PrefixEntry } from './prefix-table.js';
import { learnFromUsage, type SentRequest, sentRequest } from './sent-request.js';

const STABLE = { level: 'stable', turn: 0, newTokens: 3000 } as const;
function request(entry: PrefixEntry, now: number) {
  const place = {
    afterBlock: 0,
    purpose: 'system',
    section: 'system',
    tokens: 3000,
  } as const;
  const placed = sentRequest('m', { points: [{ place, ttl: '5m', entry }], savedNow: 0, readTokens: 0 }, now);
  markCached(entry, now, '5m');
  return placed;
}

const learn = (sent: SentRequest, usage: Usage, now: number): void => learnFromUsage(sent, usage, now);

describe('learnFromUsage', () => {
  it('switches a prefix off that the service writes every time and never reads', () => {
    const table = createPrefixTable(10);
    const entry = table.sight(1, STABLE, 0);
    let switchedOffAt = -1;
    for (let call = 0; call < 6; call++) {
      const now = call * 1000;
      if (table.reuse(table.sight(1, STABLE, now), now).within5m === 0) {
        switchedOffAt = call;
        break;
      }
      learn(request(entry, now), { ...NO_USAGE, cacheWrite5m: 3000 }, now + 500);
    }
    expect(switchedOffAt).toBe(4);
  });

  it('does not count calls as missed that went out before the write was answered', () => {
    const entry = createPrefixTable(10).sight(1, STABLE, 0);
    const parallel = [request(entry, 0), request(entry, 1), request(entry, 2), request(entry, 3)];
    for (const placed of parallel) learn(placed, { ...NO_USAGE, cacheWrite5m: 3000 }, 500);
    expect(entry.missedReads).toBe(0);
    expect(entry.confirmedUntil).toBeGreaterThan(0);
  });

  it('confirms nothing when the service cached nothing, as it does below the minimum', () => {
    const entry = createPrefixTable(10).sight(1, STABLE, 0);
    learn(request(entry, 0), { ...NO_USAGE, input: 3000 }, 500);
    learn(request(entry, 1000), { ...NO_USAGE, input: 3000 }, 1500);
    expect([entry.confirmedUntil, entry.missedReads]).toEqual([0, 0]);
  });

  it('forgives earlier misses after a read', () => {
    const entry = createPrefixTable(10).sight(1, STABLE, 0);
    learn(request(entry, 0), { ...NO_USAGE, cacheWrite5m: 3000 }, 1);
    learn(request(entry, 2), { ...NO_USAGE, cacheWrite5m: 3000 }, 3);
    expect(entry.missedReads).toBe(1);
    learn(request(entry, 4), { ...NO_USAGE, cacheRead: 3000 }, 5);
    expect(entry.missedReads).toBe(0);
  });
});
