import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyzeLogs } from '../src/analyze-logs.js';
import { openDatabase } from '../src/database.js';
import type { Analysis, AttributionRow } from '../src/types.js';
import { temporaryFolder } from './temporary-folder.js';

const fileOf = (name: string): string =>
  readFileSync(new URL(`../src/athena/${name}.sql`, import.meta.url), 'utf8');

/** The files that are run in Athena. */
export const ATTRIBUTION: string = fileOf('attribution');
const CALLS = fileOf('calls');

/** The functions of Athena (Trino) that the files call and DuckDB has by other names; the files are run as they are. */
const TRINO = `
  CREATE MACRO duckdb_path(path) AS regexp_replace(path, '\\["(.+)"\\]', '."\\1"');
  CREATE MACRO json_extract_scalar(json, path) AS CASE WHEN json_type(json, duckdb_path(path)) NOT IN ('OBJECT', 'ARRAY')
    THEN json_extract_string(json, duckdb_path(path)) END;
  CREATE MACRO json_format(json) AS json::VARCHAR;
  CREATE MACRO json_array_get(json, place) AS json_extract(json, '$[' || CASE WHEN place < 0 THEN '#' ELSE '' END || place || ']');
  CREATE MACRO regexp_like(value, pattern) AS regexp_matches(value, pattern);
  CREATE MACRO regexp_split(value, pattern) AS regexp_split_to_array(value, pattern);
  CREATE MACRO array_join(list, comma) AS array_to_string(list, comma);
  CREATE MACRO from_iso8601_timestamp(moment) AS moment::TIMESTAMPTZ;
  CREATE MACRO date_format(moment, pattern) AS strftime(moment, pattern);
  CREATE MACRO to_utf8(value) AS value;
  CREATE MACRO length(value) AS strlen(value);
  CREATE MACRO xxhash64(value) AS hash(value);
  CREATE MACRO to_hex(value) AS CASE WHEN typeof(value) = 'VARCHAR' THEN value::VARCHAR ELSE hex(value) END;`;

/** Records that are looked at together: in DuckDB each of the many looks at a body keeps its copy until all are through. */
const SLICE = 256;

/** What Athena would answer to a file, as a folder of CSV like the one that it writes. */
async function run(query: string, logs: string): Promise<string> {
  const database = await openDatabase(2_048, 1);
  const results = temporaryFolder();
  try {
    await database.run(TRINO);
    await database.run(`CREATE TABLE records AS SELECT json::VARCHAR AS record, row_number() OVER () // ${SLICE} AS slice
      FROM read_ndjson_objects('${logs}/**/*.gz')`);
    const slices = await database.all<{ slice: bigint }>('SELECT DISTINCT slice FROM records');
    for (const { slice } of slices) {
      await database.run(
        `CREATE OR REPLACE VIEW bedrock_invocation_log AS SELECT record FROM records WHERE slice = ${slice}`,
      );
      await database.run(`COPY (${query}) TO '${join(results, `${slice}.csv`)}' (HEADER, FORCE_QUOTE *)`);
    }
  } finally {
    await database.close();
  }
  return results;
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

/** What logs say, as they are and by way of the two queries. */
interface ThreeWays {
  readonly direct: Analysis;
  readonly byAttribution: Analysis;
  readonly byCalls: Analysis;
}

/** Analyses logs as they are and by way of the two queries, whose results hold nothing of what else is below the folder. */
export async function threeWays(logs: string, others: readonly string[] = []): Promise<ThreeWays> {
  return {
    direct: await analyzeLogs({ source: logs, threads: 1 }),
    byAttribution: await analyzeLogs({ source: [await run(ATTRIBUTION, logs), ...others], threads: 1 }),
    byCalls: await analyzeLogs({ source: [await run(CALLS, logs), ...others], threads: 1 }),
  };
}
