import { describe, expect, it } from 'vitest';
import { requireServer } from '../../../tools/vitest/servers.js';
import { BURSTS } from './burst.js';
import { burstByOneProcess } from './burst-by-one-process.js';
import { burstByProcesses } from './burst-by-processes.js';

const LIMIT_PICO_USD = 10n ** 12n;
const redis = requireServer('redis', 'bursts by several processes, some of which are killed');

describe('a budget of one dollar', () => {
  it('is spent at least by half, and never overrun, by 2,000 calls at once', async () => {
    const { billedUsd, refused } = await burstByOneProcess(BURSTS[2_000], true);
    expect(refused).toBeGreaterThan(0);
    expect(billedUsd).toBeLessThanOrEqual(1);
    expect(billedUsd).toBeGreaterThanOrEqual(0.5);
  });

  it.skipIf(redis === undefined).each([20, 200, 2_000] as const)(
    'is spent by half, never overrun, and booked to the pico-dollar, by %i calls of 4 processes',
    async (calls) => {
      const burst = await burstByProcesses(redis as NonNullable<typeof redis>, BURSTS[calls]);
      expect(burst.survivors.flatMap(({ failures }) => failures)).toEqual([]);
      expect(burst.survivors.map(({ answered, refused }) => answered + refused)).toEqual(
        Array.from({ length: 4 }, () => calls / 4),
      );
      expect(burst.balance).toEqual({ spentPicoUsd: burst.billed.picoUsd, reservedPicoUsd: 0n });
      expect(burst.billed.picoUsd).toBeLessThanOrEqual(LIMIT_PICO_USD);
      expect(burst.billed.picoUsd).toBeGreaterThanOrEqual(LIMIT_PICO_USD / 2n);
    },
  );

  it.each([20, 200, 2_000] as const)(
    'is never overrun and booked to the pico-dollar in DynamoDB by %i calls of 4 processes',
    async (calls) => {
      const burst = await burstByProcesses('dynamodb', BURSTS[calls]);
      expect(burst.survivors.flatMap(({ failures }) => failures)).toEqual([]);
      expect(burst.balance).toEqual({ spentPicoUsd: burst.billed.picoUsd, reservedPicoUsd: 0n });
      expect(burst.billed.picoUsd).toBeLessThanOrEqual(LIMIT_PICO_USD);
      expect(burst.billed.picoUsd).toBeGreaterThanOrEqual(LIMIT_PICO_USD / 2n);
    },
  );

  it('is booked to the pico-dollar in DynamoDB by 2,000 calls of 4 processes where it only alerts', async () => {
    const burst = await burstByProcesses('dynamodb', BURSTS[2_000], { onExceed: 'alert' });
    expect(burst.survivors.map(({ answered }) => answered)).toEqual([500, 500, 500, 500]);
    expect(burst.balance).toEqual({ spentPicoUsd: burst.billed.picoUsd, reservedPicoUsd: 0n });
  });

  it('has all but the last bookings of processes that die where it only alerts, and none twice', async () => {
    const burst = await burstByProcesses('dynamodb', BURSTS[2_000], {
      onExceed: 'alert',
      atOnce: 20,
      dieAfter: 150,
    });
    expect(burst.killed).toBe(2);
    expect(burst.balance.spentPicoUsd).toBeLessThanOrEqual(burst.billed.picoUsd);
    // Each of the dead had 20 calls on their way, of the 1,300 that were made.
    expect(burst.balance.spentPicoUsd).toBeGreaterThanOrEqual((burst.billed.picoUsd * 9n) / 10n);
  });

  it.each([
    [200, 5, 8],
    [2_000, 20, 70],
  ] as const)(
    'is never overrun in DynamoDB by %i calls of 4 processes, %i each at once, of which two die after %i answers',
    async (calls, atOnce, dieAfter) => {
      const burst = await burstByProcesses('dynamodb', BURSTS[calls], { atOnce, dieAfter, leaseMs: 15_000 });
      expect(burst.killed).toBe(2);
      expect(burst.survivors.flatMap(({ failures }) => failures)).toEqual([]);
      expect(burst.billed.picoUsd).toBeLessThanOrEqual(LIMIT_PICO_USD);
      const committed = burst.balance.spentPicoUsd + burst.balance.reservedPicoUsd;
      expect(committed).toBeLessThanOrEqual(LIMIT_PICO_USD);
      expect(committed).toBeGreaterThanOrEqual(burst.billed.picoUsd);
    },
  );

  it.skipIf(redis === undefined).each([
    [20, 5, 1],
    [200, 50, 1],
    [200, 5, 8],
    [2_000, 500, 1],
    [2_000, 500, 50],
    [2_000, 20, 70],
  ] as const)(
    'is never overrun by %i calls of 4 processes, %i each at once, of which two die after %i answers',
    async (calls, atOnce, dieAfter) => {
      const found = redis as NonNullable<typeof redis>;
      const burst = await burstByProcesses(found, BURSTS[calls], { atOnce, dieAfter, leaseMs: 15_000 });
      // Where all calls go out at once, one process may get all the room, and the other nothing to die of.
      expect(burst.killed).toBeGreaterThanOrEqual(atOnce < calls / 4 ? 2 : 1);
      expect(burst.survivors.flatMap(({ failures }) => failures)).toEqual([]);
      expect(burst.billed.picoUsd).toBeLessThanOrEqual(LIMIT_PICO_USD);
      const committed = burst.balance.spentPicoUsd + burst.balance.reservedPicoUsd;
      expect(committed).toBeLessThanOrEqual(LIMIT_PICO_USD);
      expect(committed).toBeGreaterThanOrEqual(burst.billed.picoUsd);
      expect(committed).toBeGreaterThanOrEqual((LIMIT_PICO_USD * 8n) / 10n);
    },
  );
});
