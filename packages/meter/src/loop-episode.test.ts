import { describe, expect, it } from 'vitest';
import { loopEpisode } from './loop-episode.js';

const QUIET_MS = 1_000;

describe('loopEpisode', () => {
  it('tells a loop once while it goes on', () => {
    const episode = loopEpisode(QUIET_MS);
    expect(episode.see(30, 0)).toEqual({ timesTold: 1, total: 30 });
    for (let nowMs = 500; nowMs < 10_000; nowMs += 500) {
      episode.add(1);
      expect(episode.see(30, nowMs)).toBeUndefined();
    }
  });

  it('tells it again each time it has become four times as large', () => {
    const episode = loopEpisode(QUIET_MS);
    const told: unknown[] = [episode.see(10, 0)];
    for (let nowMs = 1; nowMs <= 170; nowMs += 1) {
      episode.add(1);
      told.push(episode.see(10, nowMs));
    }
    expect(told.filter((news) => news !== undefined)).toEqual([
      { timesTold: 1, total: 10 },
      { timesTold: 2, total: 40 },
      { timesTold: 3, total: 160 },
    ]);
  });

  it('takes one that comes after a quiet time for another', () => {
    const episode = loopEpisode(QUIET_MS);
    episode.see(10, 0);
    episode.add(5);
    expect(episode.see(12, 999)).toBeUndefined();
    expect(episode.see(12, 999 + QUIET_MS)).toEqual({ timesTold: 1, total: 12 });
  });
});
