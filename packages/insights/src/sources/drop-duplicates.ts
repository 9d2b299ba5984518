import type { Database } from '../database.js';

/**
 * CloudWatch and S3 may both have been delivered to: a request counts once.
 *
 * @returns how many records were there twice.
 */
export async function dropDuplicates(database: Database): Promise<number> {
  const [row] = await database.all<{ duplicates: bigint }>(
    'SELECT count(request_id) - count(DISTINCT request_id) AS duplicates FROM calls',
  );
  const duplicates = Number(row?.duplicates ?? 0);
  if (duplicates > 0) {
    await database.run(`DELETE FROM calls WHERE rowid IN (SELECT id FROM (
      SELECT rowid AS id, row_number() OVER (PARTITION BY request_id ORDER BY rowid) AS number FROM calls
      WHERE request_id IS NOT NULL) WHERE number > 1)`);
  }
  return duplicates;
}
