import { Money } from '@costkit/core';
import { sumUsage } from '@costkit/core/views';
import type { Database } from './database.js';
import type { AttributionDimension, AttributionRow, CacheHour } from './types.js';

/** How each dimension is read from a call. */
const DIMENSIONS: Readonly<Record<AttributionDimension, string>> = {
  model: 'model',
  feature: 'feature',
  team: 'team',
  task: 'task',
  tier: 'tier',
  scope: 'scope',
  region: 'region',
  account: 'account',
  operation: 'operation',
  day: "strftime(day, '%Y-%m-%d')",
  hour: "strftime(called_at, '%H')",
};
const NAMES = Object.keys(DIMENSIONS) as AttributionDimension[];
/** Rows of a dimension; what is beyond them is one row more. */
const MOST_ROWS = 200;
const REST = 'all others';
const UNKNOWN = 'unknown';

type SumRow = { readonly [Name in `d_${AttributionDimension}`]: string | null } & {
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
};

/** One pass over the calls; in each row the one dimension that it is about has a value. */
const SUMS = `SELECT ${NAMES.map((name) => `d_${name}`).join(', ')}, sum(call_count)::HUGEINT AS calls,
  coalesce(sum(call_count) FILTER (error IS NOT NULL), 0)::HUGEINT AS failed,
  coalesce(sum(call_count) FILTER (cost IS NULL), 0)::HUGEINT AS unpriced,
  sum(input)::HUGEINT AS input, sum(output)::HUGEINT AS output, sum(cache_read)::HUGEINT AS cache_read,
  sum(cache_write_5m)::HUGEINT AS cache_write_5m, sum(cache_write_1h)::HUGEINT AS cache_write_1h,
  sum(cache_write_30m)::HUGEINT AS cache_write_30m, coalesce(sum(cost), 0)::HUGEINT AS cost, median(latency_ms) AS latency
  FROM (SELECT *, ${NAMES.map((name) => `coalesce(${DIMENSIONS[name]}, '${UNKNOWN}') AS d_${name}`).join(', ')} FROM priced)
  GROUP BY GROUPING SETS (${NAMES.map((name) => `(d_${name})`).join(', ')})`;

function rowOf(row: SumRow, value: string): AttributionRow {
  return {
    value,
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

/** The dearest rows, and the rest as one: its median is that of none of them. */
function dearest(rows: readonly AttributionRow[]): readonly AttributionRow[] {
  const sorted = [...rows].sort(
    (one, other) => other.cost.compare(one.cost) || (one.value < other.value ? -1 : 1),
  );
  const rest = sorted.slice(MOST_ROWS);
  if (rest.length === 0) return sorted;
  const sum = (of: (row: AttributionRow) => number): number =>
    rest.reduce((total, row) => total + of(row), 0);
  return [
    ...sorted.slice(0, MOST_ROWS),
    {
      value: REST,
      calls: sum(({ calls }) => calls),
      failed: sum(({ failed }) => failed),
      unpriced: sum(({ unpriced }) => unpriced),
      usage: sumUsage(rest.map(({ usage }) => usage)),
      cost: Money.sum(rest.map(({ cost }) => cost)),
    },
  ];
}

/** Sums of every dimension, the dearest first and times in order; each adds up to the total, to the last digit. */
export async function attributeCalls(
  database: Database,
): Promise<Readonly<Record<AttributionDimension, readonly AttributionRow[]>>> {
  const rows = new Map<AttributionDimension, AttributionRow[]>(NAMES.map((name) => [name, []]));
  for (const row of await database.all<SumRow>(SUMS)) {
    for (const name of NAMES) {
      const value = row[`d_${name}`];
      if (value !== null) rows.get(name)?.push(rowOf(row, value));
    }
  }
  const byTime = (list: readonly AttributionRow[]): readonly AttributionRow[] =>
    [...list].sort((one, other) => (one.value < other.value ? -1 : 1));
  return Object.fromEntries(
    NAMES.map((name) => {
      const list = rows.get(name) ?? [];
      return [name, name === 'day' || name === 'hour' ? byTime(list) : dearest(list)];
    }),
  ) as unknown as Readonly<Record<AttributionDimension, readonly AttributionRow[]>>;
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
