import { expect, it } from 'vitest';
import { killBatches } from './killing.js';

// Beside each other: while one process starts, the service answers the other.
it.concurrent.each(['one', 'other'])(
  'loses nothing and pays nothing twice when its process is killed three hundred times: the %s half',
  async (half) => {
    const { kills, killsOf, batches } = await killBatches(`long-${half}`, 150, 6);
    expect(kills).toBe(150);
    expect(batches).toBeGreaterThanOrEqual(25);
    for (const journal of ['file', 's3', 'dynamodb'] as const) {
      expect(killsOf[journal]).toBeGreaterThanOrEqual(30);
    }
  },
  1_200_000,
);
