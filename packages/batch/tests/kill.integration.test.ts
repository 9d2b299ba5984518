import { expect, it } from 'vitest';
import { killBatches } from './killing.js';

it('loses nothing and pays nothing twice when its process is killed, twice', async () => {
  expect(await killBatches('short', 2, 5)).toMatchObject({ kills: 2 });
}, 120_000);
