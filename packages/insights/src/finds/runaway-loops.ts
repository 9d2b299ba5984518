import { bestVariants, type Find, type FindContext, sumSavings } from './find.js';

/** So many equal requests, none longer than this after the one before, are no users any more. */
const EPISODE_GAP_MINUTES = 10;
const EQUAL_CALLS = 20;
/** A person may send the same again. */
const EQUAL_CALLS_KEPT = 3;
/** Turns of one conversation without such a pause; the longest useful agent runs observed stay below. */
const GROWING_CALLS = 60;
const GROWING_CALLS_KEPT = 30;

/** Calls of one key that follow one another closely, numbered within their episode. */
const episodes = (key: string, where: string): string => `
  SELECT *, count(*) OVER (PARTITION BY episode_key, episode) AS episode_calls,
    row_number() OVER (PARTITION BY episode_key, episode ORDER BY called_at, request_id) AS number
  FROM (SELECT *, sum(is_new) OVER (PARTITION BY episode_key ORDER BY called_at, request_id) AS episode
    FROM (SELECT task, model_id, day, request_id, call_count, called_at, cost, ${key} AS episode_key,
      CASE WHEN called_at - lag(called_at) OVER (PARTITION BY ${key} ORDER BY called_at, request_id) <= INTERVAL ${EPISODE_GAP_MINUTES} MINUTE
        THEN 0 ELSE 1 END AS is_new
      FROM priced WHERE prompt IS NOT NULL AND cost > 0 AND kind = 'text' AND tier <> 'batch' AND ${where}))`;

/** The same request again and again, or one conversation that does not end: everything beyond its beginning is waste. */
export async function runawayLoops({ database }: FindContext): Promise<readonly Find[]> {
  const saved = (kept: number, most: number): string =>
    `CASE WHEN episode_calls >= ${most} AND number > ${kept} THEN cost ELSE 0 END`;
  const equal = await sumSavings(
    database,
    `SELECT task, model_id, day, request_id, call_count, ${saved(EQUAL_CALLS_KEPT, EQUAL_CALLS)} AS saved_equal
     FROM (${episodes('hash(identity, model_id, prompt)', 'true')})`,
    ['equal'],
  );
  const growing = await sumSavings(
    database,
    `SELECT task, model_id, day, request_id, call_count, ${saved(GROWING_CALLS_KEPT, GROWING_CALLS)} AS saved_growing
     FROM (${episodes('hash(identity, model_id, opening)', 'turns > 1')})`,
    ['growing'],
  );
  return bestVariants('runaway-loop', new Map([...equal, ...growing]), (part) => ({ calls: part.calls }));
}
