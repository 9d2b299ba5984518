import { expect, it } from 'vitest';
import { killBatches } from './killing.js';

// Beside each other: a process that is killed leaves a core idle now and then.
it.concurrent.each(['one', 'other'])(
  'loses nothing and pays nothing twice when its process is killed, 150 times on %s core',
  async (core) => {
    const { kills, killsOf, batches } = await killBatches(`long-${core}`, 150, 6);
    expect(kills).toBe(150);
    expect(batches).toBeGreaterThanOrEqual(25);
    for (const journal of ['file', 's3', 'dynamodb'] as const) {
      expect(killsOf[journal]).toBeGreaterThanOrEqual(30);
    }
  },
  1_200_000,
);
