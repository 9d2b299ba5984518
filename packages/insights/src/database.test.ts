import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from './database.js';

describe('openDatabase', () => {
  it('puts what memory does not hold into a folder of the user alone, and takes it away', async () => {
    const database = await openDatabase(32, 1);
    const spill = join(database.folder, 'spill');
    try {
      expect(statSync(database.folder).mode & 0o777).toBe(0o700);
      await database.run(
        'CREATE TABLE numbers AS SELECT hash(range) AS one, hash(range + 1) AS other FROM range(4_000_000)',
      );
      expect(readdirSync(spill)).not.toEqual([]);
      expect(
        await database.all('SELECT count(DISTINCT one) AS numbers FROM numbers WHERE one % 100 = 0'),
      ).toHaveLength(1);
    } finally {
      await database.close();
    }
    expect(existsSync(database.folder)).toBe(false);
  });
});
