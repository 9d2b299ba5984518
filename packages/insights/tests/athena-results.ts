import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyzeLogs } from '../src/analyze-logs.js';
import { openDatabase } from '../src/database.js';
import type { Analysis, AttributionRow } from '../src/types.js';
import { temporaryFolder } from './temporary-folder.js';

/** The file that is run in Athena. */
export const ATTRIBUTION = readFileSync(new URL('../src/athena/attribution.sql', import.meta.url), 'utf8');

/** The functions of Athena (Trino) that the file calls and DuckDB has by other names; the file is run as it is. */
const TRINO = `
  CREATE MACRO json_extract_scalar(json, path)
    AS json_extract_string(json, regexp_replace(path, '\\["(.+)"\\]', '."\\1"'));
  CREATE MACRO json_format(json) AS json::VARCHAR;
  CREATE MACRO json_array_get(json, place) AS json_extract(json, '$[#' || place || ']');
  CREATE MACRO regexp_like(value, pattern) AS regexp_matches(value, pattern);
  CREATE MACRO from_iso8601_timestamp(moment) AS moment::TIMESTAMPTZ;
  CREATE MACRO date_format(moment, pattern) AS strftime(moment, pattern);`;

/** What Athena would answer to the file, as the CSV that it writes. */
async function runAttribution(logs: string): Promise<string> {
  const database = await openDatabase(2_048, 1);
  const result = join(temporaryFolder(), 'attribution.csv');
  try {
    await database.run(TRINO);
    await database.run(
      `CREATE VIEW bedrock_invocation_log AS SELECT json::VARCHAR AS record FROM read_ndjson_objects('${logs}/**/*.gz')`,
    );
    await database.run(`COPY (${ATTRIBUTION}) TO '${result}' (HEADER, FORCE_QUOTE *)`);
  } finally {
    await database.close();
  }
  return result;
}

const DIMENSIONS = [
  'model',
  'feature',
  'team',
  'tier',
  'scope',
  'region',
  'account',
  'operation',
  'day',
  'hour',
] as const;

/** Attribution by everything but untagged tasks, without latencies. */
export const comparable = ({ attribution }: Analysis): unknown =>
  DIMENSIONS.map((dimension) =>
    attribution[dimension].map(({ medianLatencyMs: _, cost, ...row }: AttributionRow) => ({
      ...row,
      picoUsd: cost.picoUsd,
    })),
  );

/** Analyses logs both ways. */
export async function bothWays(logs: string): Promise<readonly [direct: Analysis, byAthena: Analysis]> {
  return [
    await analyzeLogs({ source: logs, threads: 1 }),
    await analyzeLogs({ source: await runAttribution(logs), threads: 1 }),
  ];
}
