import { describe, expect, it } from 'vitest';
import { requireServer } from '../../../tools/vitest/servers.js';
import { BURSTS } from './burst.js';
import { burstByOneProcess } from './burst-by-one-process.js';
import { burstByProcesses } from './burst-by-processes.js';

const LIMIT_PICO_USD = 10n ** 12n;

describe('a budget of one dollar', () => {
  it.each([20, 200] as const)(
    'is spent at least by half, and never overrun, by %i calls at once',
    async (calls) => {
      const { billedUsd, refused } = await burstByOneProcess(BURSTS[calls], true);
      expect(refused).toBeGreaterThan(0);
      expect(billedUsd).toBeLessThanOrEqual(1);
      expect(billedUsd).toBeGreaterThanOrEqual(0.5);
    },
  );

  it('is spent by nine tenths before the first refusal when calls come one by one', async () => {
    const { billedUsd, refused } = await burstByOneProcess(BURSTS[200], false);
    expect(refused).toBe(1);
    expect(billedUsd).toBeLessThanOrEqual(1);
    expect(billedUsd).toBeGreaterThanOrEqual(0.9);
  });

  const redis = requireServer('redis', 'a burst by several processes, some of which are killed');
  it.skipIf(redis === undefined)(
    'is never overrun by 200 calls of 4 processes, of which two are killed',
    async () => {
      const found = redis as NonNullable<typeof redis>;
      const burst = await burstByProcesses(found, BURSTS[200], { dieAfter: 3, atOnce: 5, waitMs: 2_000 });
      expect(burst.killed).toBe(2);
      expect(burst.survivors.map(({ failures }) => failures)).toEqual([[], []]);
      expect(burst.billed.picoUsd).toBeLessThanOrEqual(LIMIT_PICO_USD);
      // What the dead had reserved stays reserved until it counts as spent: nobody else gets it.
      const committed = burst.balance.spentPicoUsd + burst.balance.reservedPicoUsd;
      expect(burst.balance.reservedPicoUsd).toBeGreaterThan(0n);
      expect(committed).toBeGreaterThanOrEqual(burst.billed.picoUsd);
      expect(committed).toBeLessThanOrEqual(LIMIT_PICO_USD);
      expect(committed).toBeGreaterThanOrEqual((LIMIT_PICO_USD * 9n) / 10n);
    },
    60_000,
  );
});
