import type { Database } from '../database.js';

/** Calls that a wrong clock has put into another time. */
export interface MisdatedCalls {
  readonly calls: number;
  /** Their first and last day, ISO. */
  readonly days: readonly string[];
  /** Some of their requests. */
  readonly requestIds: readonly string[];
}

/** Days without any call, between which no application is the same. */
const SILENT_DAYS = 366;
/** Share of all calls that others of another time are as good as a part of the logs. */
const MOST_SHARE = 0.1;
const MOST_IDS = 5;

interface Day {
  /** Since 1970. */
  readonly day: number;
  readonly calls: bigint;
}

/** Days in a row that are no more than a year apart. */
interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly calls: number;
}

function stretchesOf(days: readonly Day[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (const { day, calls } of days) {
    const before = stretches.at(-1);
    if (before === undefined || day - before.last > SILENT_DAYS)
      stretches.push({ first: day, last: day, calls: Number(calls) });
    else stretches.splice(-1, 1, { ...before, last: day, calls: before.calls + Number(calls) });
  }
  return stretches;
}

/**
 * Takes out calls that lie more than a year from the others, if they are few: a clock that stood at 1970 or 2036. They would
 * make the logs as long as that, and a month as cheap as nothing.
 */
export async function dropMisdated(database: Database): Promise<MisdatedCalls> {
  const days =
    await database.all<Day>(`SELECT date_diff('day', DATE '1970-01-01', called_at::DATE)::INTEGER AS day,
    coalesce(sum(call_count), 0)::HUGEINT AS calls FROM calls WHERE called_at IS NOT NULL GROUP BY ALL ORDER BY day`);
  const stretches = stretchesOf(days);
  const all = stretches.reduce((sum, { calls }) => sum + calls, 0);
  const misdated = stretches.filter(({ calls }) => calls < MOST_SHARE * all);
  if (misdated.length === 0) return { calls: 0, days: [], requestIds: [] };
  const where = misdated
    .map(
      ({ first, last }) =>
        `called_at::DATE BETWEEN DATE '1970-01-01' + ${first} AND DATE '1970-01-01' + ${last}`,
    )
    .join(' OR ');
  const [found] = await database.all<{ first: string; last: string }>(
    `SELECT strftime(min(called_at), '%Y-%m-%d') AS first, strftime(max(called_at), '%Y-%m-%d') AS last FROM calls WHERE ${where}`,
  );
  const ids = await database.all<{ id: string }>(
    `SELECT DISTINCT request_id AS id FROM calls WHERE request_id IS NOT NULL AND (${where}) ORDER BY id LIMIT ${MOST_IDS}`,
  );
  await database.run(`DELETE FROM calls WHERE ${where}`);
  return {
    calls: misdated.reduce((sum, { calls }) => sum + calls, 0),
    days: found === undefined ? [] : [...new Set([found.first, found.last])],
    requestIds: ids.map(({ id }) => id),
  };
}
