import { bestVariants, type Find, type FindContext, sumSavings } from './find.js';

/** Fewest calls an hour that look like a job: batch jobs take at least 100 records (AWS General Reference, quotas). */
const BULK_CALLS_AN_HOUR = 100;
/** Jobs run at few hours of the day; people come all day. */
const MOST_HOURS_OF_DAY = 6;
/** Share of the calls that such hours must hold. */
const BULK_SHARE = 0.9;

/**
 * Bulk work that is asked for in real time: nobody reads along (no stream), no tools, no conversation, and it comes in
 * bursts at the same few hours. Exact at today's prices, less what today's cache reads save.
 */
export async function waitingWork({ database }: FindContext): Promise<readonly Find[]> {
  const byVariant = await sumSavings(
    database,
    `WITH hourly AS (
      SELECT task, model_id, date_trunc('hour', called_at) AS hour, sum(call_count) AS calls FROM priced
      WHERE error IS NULL AND kind IN ('text', 'embedding') AND tier = 'standard' GROUP BY ALL
    ),
    bulk AS (
      SELECT task, model_id FROM hourly GROUP BY ALL
      HAVING sum(calls) FILTER (calls >= ${BULK_CALLS_AN_HOUR}) >= ${BULK_SHARE} * sum(calls)
        AND count(DISTINCT date_part('hour', hour)) FILTER (calls >= ${BULK_CALLS_AN_HOUR}) <= ${MOST_HOURS_OF_DAY}
    )
    SELECT p.task, p.model_id, p.day, p.request_id, p.call_count,
      CASE WHEN m.takes_batch THEN coalesce(p.cost - p.cost_batch, 0) ELSE 0 END AS saved_batch,
      CASE WHEN m.takes_flex THEN coalesce(p.cost - p.cost_flex, 0) ELSE 0 END AS saved_flex
    FROM rated p JOIN bulk USING (task, model_id) JOIN models m ON m.model_id = p.model_id
    WHERE p.cost > 0 AND p.tier = 'standard' AND NOT p.is_streamed AND coalesce(p.tools, 0) = 0 AND coalesce(p.turns, 1) <= 1`,
    ['batch', 'flex'],
  );
  return [
    ...bestVariants('batch', new Map([['batch', byVariant.get('batch') ?? []]])),
    ...bestVariants('flex-tier', new Map([['flex', byVariant.get('flex') ?? []]])),
  ];
}
