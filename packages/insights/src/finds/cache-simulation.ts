/**
 * What the prompt cache would have done with the calls that were logged, as SQL over single calls. A cached prefix
 * lives for 5 minutes or an hour from its last use; the account, the Region and the model keep it. A write is never
 * taken to save, although the price list has Nova's at $0: nobody should plan on prompts for nothing.
 */

/** Seconds that a cached prefix lives. */
const TTL_SECONDS = { '5m': 300, '1h': 3_600 } as const;

/** Columns `gap` (seconds since the same key was last sent) by account, Region and model. */
export const gapOf = (key: string): string =>
  `epoch(called_at) - lag(epoch(called_at)) OVER (PARTITION BY account, region, model_id, ${key} ORDER BY called_at, request_id)`;

/**
 * Pico-dollars that a cached prefix saves in one call: it is read where the same was sent within its lifetime, and
 * else written.
 */
export function prefixSaving(tokens: string, gap: string, ttl: '5m' | '1h'): string {
  const write = `own_cache_write_${ttl}`;
  return `CASE WHEN ${tokens} IS NULL OR ${tokens} < min_cached OR ${write} IS NULL OR own_cache_read IS NULL THEN 0
    WHEN ${gap} <= ${TTL_SECONDS[ttl]} THEN ${tokens}::HUGEINT * (own_input - own_cache_read)
    ELSE ${tokens}::HUGEINT * least(0, own_input - ${write}) END`;
}

/** The same for a conversation: each turn reads what the turn before has sent, and writes the rest. */
export function conversationSaving(tokens: string, previous: string, gap: string): string {
  return `CASE WHEN own_cache_write_5m IS NULL OR own_cache_read IS NULL OR ${tokens} < min_cached THEN 0
    WHEN ${gap} <= ${TTL_SECONDS['5m']} AND ${previous} >= min_cached AND ${previous} <= ${tokens}
      THEN ${previous}::HUGEINT * (own_input - own_cache_read) + (${tokens} - ${previous})::HUGEINT * least(0, own_input - own_cache_write_5m)
    ELSE ${tokens}::HUGEINT * least(0, own_input - own_cache_write_5m) END`;
}

export { TTL_SECONDS };
