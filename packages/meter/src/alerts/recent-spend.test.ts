import { describe, expect, it } from 'vitest';
import { recentSpend } from './recent-spend.js';

const MINUTE_MS = 60_000;

describe('recentSpend', () => {
  it('sums the current minute and the four before', () => {
    const spend = recentSpend();
    for (let minute = 0; minute < 8; minute += 1) spend.add(2 ** minute, minute * MINUTE_MS);
    expect(spend.usd).toBe(8 + 16 + 32 + 64 + 128);
  });

  it('forgets what is older than five minutes, and all when time goes back', () => {
    const spend = recentSpend();
    spend.add(1, 0);
    spend.add(1, 5 * MINUTE_MS);
    expect(spend.usd).toBe(1);
    spend.add(4, 0);
    expect(spend.usd).toBe(4);
  });
});
