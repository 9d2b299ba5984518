import { Money } from '@costkit/core';
import type { Database } from './database.js';
import type { AttributionDimension, AttributionRow, CacheHour } from './types.js';

/** How each dimension is read from a call. */
const DIMENSIONS: Readonly<Record<AttributionDimension, string>> = {
  model: 'model',
  feature: 'feature',
  team: 'team',
  task: 'task',
  tier: 'tier',
  scope: "coalesce(scope, 'unknown')",
  region: "coalesce(region, 'unknown')",
  account: "coalesce(account, 'unknown')",
  operation: "coalesce(operation, 'unknown')",
  day: "strftime(day, '%Y-%m-%d')",
  hour: "strftime(called_at, '%H')",
};
/** Rows of a dimension; what is beyond them is one row more. */
const MOST_ROWS = 200;
const REST = 'all others';

interface SumRow {
  readonly value: string;
  readonly calls: bigint;
  readonly failed: bigint;
  readonly unpriced: bigint;
  readonly input: bigint;
  readonly output: bigint;
  readonly cache_read: bigint;
  readonly cache_write_5m: bigint;
  readonly cache_write_1h: bigint;
  readonly cache_write_30m: bigint;
  readonly cost: bigint;
  readonly latency: number | null;
}

const SUMS = `count(*) AS calls, count(*) FILTER (error IS NOT NULL) AS failed, count(*) FILTER (cost IS NULL) AS unpriced,
  sum(input)::HUGEINT AS input, sum(output)::HUGEINT AS output, sum(cache_read)::HUGEINT AS cache_read,
  sum(cache_write_5m)::HUGEINT AS cache_write_5m, sum(cache_write_1h)::HUGEINT AS cache_write_1h,
  sum(cache_write_30m)::HUGEINT AS cache_write_30m, coalesce(sum(cost), 0)::HUGEINT AS cost, median(latency_ms) AS latency`;

function rowOf(row: SumRow): AttributionRow {
  return {
    value: row.value,
    calls: Number(row.calls),
    failed: Number(row.failed),
    unpriced: Number(row.unpriced),
    usage: {
      input: Number(row.input),
      output: Number(row.output),
      cacheRead: Number(row.cache_read),
      cacheWrite5m: Number(row.cache_write_5m),
      cacheWrite1h: Number(row.cache_write_1h),
      cacheWrite30m: Number(row.cache_write_30m),
    },
    cost: Money.fromPicoUsd(row.cost),
    ...(row.latency === null ? {} : { medianLatencyMs: row.latency }),
  };
}

/** Sums of one dimension, the dearest first; they add up to the total, to the last digit. */
async function attribute(
  database: Database,
  dimension: AttributionDimension,
): Promise<readonly AttributionRow[]> {
  const isTime = dimension === 'day' || dimension === 'hour';
  const ranked = isTime
    ? `SELECT *, ${DIMENSIONS[dimension]} AS value FROM priced`
    : `SELECT p.*, CASE WHEN place <= ${MOST_ROWS} THEN own ELSE '${REST}' END AS value
       FROM (SELECT *, ${DIMENSIONS[dimension]} AS own FROM priced) p
       JOIN (SELECT ${DIMENSIONS[dimension]} AS own, row_number() OVER (ORDER BY coalesce(sum(cost), 0) DESC, own) AS place
         FROM priced GROUP BY own) USING (own)`;
  const rows = await database.all<SumRow>(
    `SELECT value, ${SUMS} FROM (${ranked}) GROUP BY value ORDER BY ${isTime ? 'value' : 'cost DESC, value'}`,
  );
  return rows.map(rowOf);
}

/** What every dimension adds up to. */
export async function attributeCalls(
  database: Database,
): Promise<Readonly<Record<AttributionDimension, readonly AttributionRow[]>>> {
  const attribution: Partial<Record<AttributionDimension, readonly AttributionRow[]>> = {};
  for (const dimension of Object.keys(DIMENSIONS) as AttributionDimension[]) {
    attribution[dimension] = await attribute(database, dimension);
  }
  return attribution as Readonly<Record<AttributionDimension, readonly AttributionRow[]>>;
}

/** What the prompt cache did, hour by hour; days where the logs cover many. */
export async function cacheTimeline(database: Database, days: number): Promise<readonly CacheHour[]> {
  const unit = days > 14 ? 'day' : 'hour';
  const rows = await database.all<{ begin_at: string; read: bigint; written: bigint; input: bigint }>(
    `SELECT strftime(date_trunc('${unit}', called_at), '%Y-%m-%dT%H:00:00Z') AS begin_at, sum(cache_read)::HUGEINT AS read,
      sum(cache_write_5m + cache_write_1h + cache_write_30m)::HUGEINT AS written, sum(input)::HUGEINT AS input
     FROM priced WHERE kind = 'text' GROUP BY 1 ORDER BY 1`,
  );
  if (rows.every(({ read, written }) => read + written === 0n)) return [];
  return rows.map(({ begin_at: at, read, written, input }) => ({
    at,
    cacheRead: Number(read),
    cacheWrite: Number(written),
    input: Number(input),
  }));
}
