import { describe, expect, it } from 'vitest';
import { analyzeLogs } from '../src/analyze-logs.js';
import { aRecord, HOUR, lines, writeBelow } from './one-record.js';
import { temporaryFolder } from './temporary-folder.js';

/** Two hundred calls in an hour, a thousand prompt tokens each, of which every second call reads some from the cache. */
function job(cacheRead: number): string {
  const records = Array.from({ length: 200 }, (_, index) =>
    aRecord(`r${index}`, {
      modelId: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
      body: { messages: [{ role: 'user', content: [{ text: `Sum up letter ${index}.` }] }] },
      input: index % 2 === 0 ? 1_000 : 1_000 - cacheRead,
      ...(index % 2 === 0 || cacheRead === 0 ? {} : { cacheRead }),
      output: 100,
    }),
  );
  const folder = temporaryFolder();
  writeBelow(folder, `${HOUR}/a.json.gz`, lines(...records));
  return folder;
}

async function batchUsd(cacheRead: number): Promise<number | undefined> {
  const { recommendations } = await analyzeLogs({
    source: job(cacheRead),
    threads: 1,
    minUsdPerMonth: 0,
    minShare: 0,
  });
  return recommendations.find(({ kind }) => kind === 'batch')?.perMonth.expected.usd;
}

describe('work that waits', { timeout: 60_000 }, () => {
  it('costs half in jobs, where what is cached today is paid in full', async () => {
    // Haiku 4.5 takes 1.10, 0.11 from the cache and 5.50 a million; half of 1.10 and 5.50 in jobs, which have no cache.
    const inJobs = (1_000 * 0.55 + 100 * 2.75) / 1e6;
    const today = (read: number): number => ((1_000 - read) * 1.1 + read * 0.11 + 100 * 5.5) / 1e6;
    for (const read of [0, 500]) {
      const saved = 100 * (today(0) - inJobs) + 100 * (today(read) - inJobs);
      expect(await batchUsd(read)).toBeCloseTo(saved * 30.437_5, 6);
    }
    // What every second call would pay more in jobs is taken off.
    const dearer = 100 * (today(0) - inJobs) + 100 * (today(1_000) - inJobs);
    expect(today(1_000)).toBeLessThan(inJobs);
    expect(await batchUsd(1_000)).toBeCloseTo(dearer * 30.437_5, 6);
  });
});
