import { type Database, sqlTexts } from '../database.js';
import { CALLS_COLUMNS } from './calls-table.js';

/** The columns that a result of `src/athena/calls.sql` begins with: by these it is known. */
export const CALL_ROWS_HEADER: RegExp = /^"?request_id"?,"?called_at"?,"?account"?,"?region"?,"?operation"?,/;

const text = (column: string): string => `nullif(${column}, '')`;
const number = (column: string, type = 'BIGINT'): string => `try_cast(${column} AS ${type})`;
/** Hashes of Athena are other than those of this database, and tell equal prompts from others as well. */
const hash = (column: string): string => `CASE WHEN ${text(column)} IS NOT NULL THEN hash(${column}) END`;

/** How a column of the table of calls follows from the row; the others have the same name and are numbers. */
const COLUMNS: Readonly<Record<string, string>> = {
  source: "'callRows'",
  file: 'filename',
  request_id: text('request_id'),
  called_at: 'try_cast(called_at AS TIMESTAMPTZ)::TIMESTAMP',
  account: text('account'),
  region: text('region'),
  operation: text('operation'),
  model_id: text('model_id'),
  identity: text('identity'),
  tags: 'try_cast(try_cast(tags AS JSON) AS MAP(VARCHAR, VARCHAR))',
  tier: text('tier'),
  error: text('error'),
  is_disjoint: 'false',
  latency_ms: number('latency_ms', 'DOUBLE'),
  is_streamed: "contains(operation, 'Stream')",
  fingerprint: text('fingerprint'),
  prefix: hash('prefix'),
  opening: hash('opening'),
  prompt: hash('prompt'),
  call_count: '1',
};

/** Reads results of `src/athena/calls.sql` into the table of calls: a row a call. */
export async function readCallRows(database: Database, files: readonly string[]): Promise<void> {
  if (files.length === 0) return;
  const columns = CALLS_COLUMNS.split(', ').map((column) => COLUMNS[column] ?? number(column));
  await database.run(`INSERT INTO calls (${CALLS_COLUMNS}) SELECT ${columns.join(', ')}
    FROM read_csv(${sqlTexts(files)}, all_varchar = true, header = true, quote = '"', escape = '"', filename = true)`);
}
