import { expect, it } from 'vitest';
import { killBatches } from './killing.js';

it('loses nothing and pays nothing twice when its process is killed, three times', async () => {
  expect(await killBatches('short', 3, 5)).toMatchObject({ kills: 3 });
}, 120_000);
