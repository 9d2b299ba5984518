import { describe, expect, it } from 'vitest';
import { bothWays, comparable } from './athena-results.js';
import { temporaryFolder } from './temporary-folder.js';
import { generateTraffic } from './traffic/generate-traffic.js';

describe('src/athena/attribution.sql', { timeout: 60_000 }, () => {
  it('attributes generated traffic as the logs do, to the last digit', async () => {
    const folder = temporaryFolder();
    generateTraffic(folder, 7, 4);
    const [direct, byAthena] = await bothWays(folder);
    expect(direct.calls).toBeGreaterThan(1_000);
    expect(byAthena.total.picoUsd).toBe(direct.total.picoUsd);
    expect(comparable(byAthena)).toEqual(comparable(direct));
    expect(byAthena.notes.join(' ')).toContain(`${direct.calls} calls come from Athena by the hour`);
    expect(byAthena.topRequests).toEqual([]);
  });
});
