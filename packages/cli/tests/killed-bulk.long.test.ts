import { expect, it } from 'vitest';
import { BULK } from './bulk-corpus.js';
import { killBulk } from './killed-bulk.js';

/** More than there are steps: the last processes come to their end. */
const STEPS = 40;

it('pays every text once wherever a sync by batch jobs is killed, twice', async () => {
  let kills = 0;
  for (let step = 1; step <= STEPS; step += 2) {
    await killBulk([String(step), String(step + 1)], ({ signals, report, bedrock, jobs }) => {
      kills += signals.filter((signal) => signal === 'SIGKILL').length;
      expect([step, jobs, bedrock.bill().lines.length]).toEqual([step, 1, BULK.source.length]);
      expect(report.chunks).toBe(BULK.source.length);
    });
  }
  expect(kills).toBeGreaterThan(STEPS / 2);
});
