/**
 * The table that every source is read into: one row a paid attempt, without any content; of metrics and
 * aggregates a row stands for `call_count` calls of an hour. Of prompts it holds lengths and 64-bit hashes, which only this run's
 * database can compare.
 */
export const CALLS_TABLE = `
CREATE TABLE calls (
  source VARCHAR, file VARCHAR, request_id VARCHAR, called_at TIMESTAMP, account VARCHAR, region VARCHAR,
  operation VARCHAR, model_id VARCHAR, identity VARCHAR, tags MAP(VARCHAR, VARCHAR), tier VARCHAR, error VARCHAR,
  input BIGINT, output BIGINT, total BIGINT, cache_read BIGINT, cache_write BIGINT, cache_write_1h BIGINT,
  is_disjoint BOOLEAN, max_tokens BIGINT, latency_ms DOUBLE, is_streamed BOOLEAN,
  tools INTEGER, turns INTEGER, points INTEGER, long_points INTEGER, fingerprint VARCHAR,
  prefix UBIGINT, prefix_chars BIGINT, opening UBIGINT, opening_chars BIGINT, prompt UBIGINT, prompt_chars BIGINT,
  call_count BIGINT
)`;

/** Rows that are one call each. */
export const IS_SINGLE = "source NOT IN ('metrics', 'aggregates')";

/** The columns of {@link CALLS_TABLE} in its order, to insert by name. */
export const CALLS_COLUMNS: string = [
  ...CALLS_TABLE.matchAll(/(\w+) (?:VARCHAR|TIMESTAMP|MAP|BIGINT|UBIGINT|DOUBLE|INTEGER|BOOLEAN)/g),
]
  .map(([, name]) => name)
  .join(', ');
