import { type Database, sqlTexts } from '../database.js';

/** The columns that `src/athena/attribution.sql` begins with: by these its result is known. */
export const AGGREGATES_HEADER: RegExp = /^"?hour"?,"?account"?,"?region"?,"?model_id"?,"?operation"?,/;

const number = (column: string): string => `try_cast(${column} AS BIGINT)`;
const text = (column: string): string => `nullif(${column}, '')`;

/** Reads results of `src/athena/attribution.sql` into the table of calls: a row of many calls each. */
export async function readAggregates(
  database: Database,
  files: readonly string[],
  { feature, team, task }: { readonly feature: string; readonly team: string; readonly task: string },
): Promise<void> {
  if (files.length === 0) return;
  const tags = [
    [feature, 'feature'],
    [team, 'team'],
    [task, 'task'],
    // Calls with other tags than these are tagged, too.
    ['*', "CASE WHEN is_tagged = 'true' THEN '*' END"],
  ].map(([key = '', value = '']) => `{'key': ${sqlTexts([key])}[1], 'value': ${value}}`);
  const columns = ['input', 'output', 'total', 'cache_read', 'cache_write', 'cache_write_1h'] as const;
  await database.run(`INSERT INTO calls (source, file, called_at, account, region, operation, model_id, identity, tags,
      tier, error, ${columns.join(', ')}, is_disjoint, call_count)
    SELECT 'aggregates', filename, try_cast(hour AS TIMESTAMPTZ)::TIMESTAMP, ${['account', 'region', 'operation', 'model_id', 'identity'].map(text).join(', ')},
      map_from_entries(list_filter([${tags.join(', ')}], lambda one: one.value <> '')),
      tier, ${text('error')}, CASE WHEN is_counted = 'true' THEN coalesce(${number('input')}, 0) END,
      ${columns.slice(1).map(number).join(', ')}, false, ${number('calls')}
    FROM read_csv(${sqlTexts(files)}, all_varchar = true, header = true, quote = '"', escape = '"', filename = true)`);
}
