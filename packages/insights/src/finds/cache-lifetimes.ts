import { gapOf, prefixSaving, TTL_SECONDS } from './cache-simulation.js';
import { bestVariants, type Find, type FindContext, sumSavings } from './find.js';

/** Share of the written tokens that must be read for a prefix to count as one that comes again. */
const READ_SHARE = 0.05;

/**
 * Cache writes that do not pay: an hour where five minutes are enough, five minutes where the next call comes within
 * the hour, or a cache that nobody reads. The calls are replayed with the other lifetime, and without.
 */
export async function cacheLifetimes({ database }: FindContext): Promise<readonly Find[]> {
  const gap = gapOf('CASE WHEN turns > 1 THEN opening ELSE prefix END');
  const isLate = `gap > ${TTL_SECONDS['5m']} AND gap <= ${TTL_SECONDS['1h']}`;
  const byVariant = await sumSavings(
    database,
    `WITH calls AS (
      SELECT *, ${gap} AS gap FROM rated WHERE cost > 0 AND own_cache_read IS NOT NULL AND own_cache_write_5m IS NOT NULL
        AND prefix IS NOT NULL AND points > 0
    )
    SELECT c.task, c.model_id, c.day, c.request_id, c.call_count,
      CASE WHEN cache_write_1h > 0 THEN cache_write_1h::HUGEINT * (own_cache_write_1h - own_cache_write_5m) ELSE 0 END
        - CASE WHEN long_points > 0 AND ${isLate} THEN cache_read::HUGEINT * (own_cache_write_5m - own_cache_read) ELSE 0 END
        AS saved_shorter,
      CASE WHEN long_points > 0 OR own_cache_write_1h IS NULL OR NOT m.takes_1h THEN 0
        WHEN ${isLate} THEN cache_write_5m::HUGEINT * (own_cache_write_5m - own_cache_read)
        ELSE -(cache_write_5m::HUGEINT * (own_cache_write_1h - own_cache_write_5m)) END AS saved_longer,
      cache_write_5m::HUGEINT * (own_cache_write_5m - own_input)
        + CASE WHEN cache_write_1h > 0 THEN cache_write_1h::HUGEINT * (own_cache_write_1h - own_input) ELSE 0 END
        - cache_read::HUGEINT * (own_input - own_cache_read) AS saved_none
    FROM calls c JOIN models m ON m.model_id = c.model_id`,
    ['shorter', 'longer', 'none'],
  );
  return bestVariants('cache-lifetime', byVariant);
}

/**
 * Prefixes with cache points that nobody reads although the same task is called again and again: something in them
 * changes, such as a date. What they would save if it did not.
 */
export async function brokenPrefixes({ database }: FindContext): Promise<readonly Find[]> {
  const byVariant = await sumSavings(
    database,
    `WITH broken AS (
      SELECT task, model_id FROM priced WHERE points > 0 AND prefix_chars > 0 GROUP BY ALL
      HAVING sum(cache_read) <= ${READ_SHARE} * sum(cache_write_5m + cache_write_1h) AND count(*) >= 20
        AND count(DISTINCT prefix) > 0.5 * count(*)
    ),
    calls AS (
      SELECT p.*, m.min_cached, ${gapOf('task')} AS gap,
        least(cache_write_5m + cache_write_1h, round(prompt_tokens * (prefix_chars / greatest(1, prompt_chars))))::BIGINT AS tokens
      FROM rated p JOIN broken USING (task, model_id) JOIN models m ON m.model_id = p.model_id WHERE p.cost > 0
    )
    SELECT task, model_id, day, request_id, call_count, ${prefixSaving('tokens', 'gap', '5m')}
      + cache_write_5m::HUGEINT * (own_cache_write_5m - own_input)
      + CASE WHEN cache_write_1h > 0 THEN cache_write_1h::HUGEINT * (own_cache_write_1h - own_input) ELSE 0 END AS saved_stable
    FROM calls`,
    ['stable'],
  );
  return bestVariants('broken-prefix', byVariant);
}
