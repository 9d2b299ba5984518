import { expect, it } from 'vitest';
import { killBatches } from './killing.js';

it('loses nothing and pays nothing twice when its process is killed, three hundred times', async () => {
  const { kills, batches } = await killBatches('long', 300, 6);
  expect(kills).toBe(300);
  expect(batches).toBeGreaterThanOrEqual(50);
}, 3_600_000);
