import { describe, expect, it } from 'vitest';
import { analyzeLogs } from '../src/analyze-logs.js';
import { expectPlantsFound } from './planted-waste.js';
import { temporaryFolder } from './temporary-folder.js';
import { generateTraffic } from './traffic/generate-traffic.js';

describe('analyzeLogs', { timeout: 60_000 }, () => {
  it('finds every kind of planted waste, in order and within a tenth', async () => {
    const folder = temporaryFolder();
    const traffic = generateTraffic(folder, 4_711, 4);
    const analysis = await analyzeLogs({ source: folder, engineerDayUsd: 0, minShare: 0.002 });
    expect(analysis.calls).toBe(traffic.calls);
    expect(analysis.unpriced).toBe(0);
    expectPlantsFound(analysis, traffic);
  });

  it('has nothing to say about clean traffic', async () => {
    const folder = temporaryFolder();
    generateTraffic(folder, 815, 4, true);
    const { recommendations, perMonth, perMonthAfter } = await analyzeLogs({ source: folder, threads: 1 });
    expect(recommendations).toEqual([]);
    expect(perMonthAfter).toEqual(perMonth);
  });
});
