import { expect, it } from 'vitest';
import { killBatches } from './killing.js';

it('loses nothing and pays nothing twice when its process is killed, ten times', async () => {
  expect(await killBatches('short', 10, 5)).toMatchObject({ kills: 10 });
}, 120_000);
