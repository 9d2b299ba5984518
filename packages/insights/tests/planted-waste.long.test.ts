import { describe, expect, it } from 'vitest';
import { analyzeLogs } from '../src/analyze-logs.js';
import { expectPlantsFound } from './planted-waste.js';
import { temporaryFolder } from './temporary-folder.js';
import { generateTraffic } from './traffic/generate-traffic.js';

const SEEDS = [101, 202, 303, 404, 505, 606, 707, 808, 909, 1_010];

describe('analyzeLogs', () => {
  it.each(SEEDS)('finds every kind of planted waste in a month of traffic, seed %i', async (seed) => {
    const folder = temporaryFolder();
    const traffic = generateTraffic(folder, seed, 30);
    expectPlantsFound(await analyzeLogs({ source: folder, engineerDayUsd: 0 }), traffic);
  });

  it.each(SEEDS)('has nothing to say about a month of clean traffic, seed %i', async (seed) => {
    const folder = temporaryFolder();
    generateTraffic(folder, seed, 30, true);
    expect((await analyzeLogs({ source: folder })).recommendations).toEqual([]);
  });
});
