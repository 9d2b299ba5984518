import type { Database } from '../database.js';

/**
 * Lines of a bill that the calls may be compared with, as a condition of SQL: those of their accounts. A bill of an
 * organisation has all of its accounts, of which the logs may know one. Where calls do not say whose they are, such as those
 * of a ledger, all lines stay.
 */
export const OF_LOGGED_ACCOUNTS = `(account IS NULL OR account IN (SELECT account FROM priced WHERE account IS NOT NULL)
  OR (SELECT coalesce(bool_or(account IS NULL), true) FROM priced))`;

/** How many accounts of the bill no call is of. */
export async function accountsBeside(database: Database): Promise<number> {
  const tables = await database.all("SELECT 1 FROM information_schema.tables WHERE table_name = 'bill'");
  if (tables.length === 0) return 0;
  const [row] = await database.all<{ accounts: bigint }>(
    `SELECT count(DISTINCT account) AS accounts FROM bill WHERE NOT ${OF_LOGGED_ACCOUNTS}`,
  );
  return Number(row?.accounts ?? 0n);
}
