import { planCachePoints } from '@costkit/prompt-cache';
import { sqlText } from '../database.js';
import { conversationSaving, gapOf, prefixSaving } from './cache-simulation.js';
import { bestVariants, type Find, type FindContext, type SampledRequest, sumSavings } from './find.js';

/** Fewer calls say nothing about how often a prefix comes again. */
const FEWEST_CALLS = 20;

interface Candidate {
  readonly task: string;
  readonly model_id: string;
  readonly request_id: string;
  readonly chars: number;
}

/** Tasks whose prompts are long enough and have no cache points, with a typical request of each. */
const CANDIDATES = `
  SELECT p.task, p.model_id, median(p.prefix_chars / greatest(1, p.prompt_chars)) AS chars,
    arg_min(p.request_id, abs(p.prompt_tokens - typical)) AS request_id
  FROM priced p JOIN models m ON m.model_id = p.model_id
  JOIN (SELECT task, model_id, quantile_disc(prompt_tokens, 0.5) AS typical FROM priced GROUP BY ALL) t
    ON t.task = p.task AND t.model_id = p.model_id
  WHERE p.cost > 0 AND p.error IS NULL AND p.points = 0 AND p.cache_read + p.cache_write_5m + p.cache_write_1h = 0
    AND p.prompt_chars > 0 AND p.tier NOT IN ('batch', 'provisioned') AND m.caches AND p.prompt_tokens >= m.min_cached
  GROUP BY ALL HAVING count(*) >= ${FEWEST_CALLS}`;

/**
 * How many of a prompt's tokens its tools and system prompt take, by the planner that would set the points; by
 * characters, which is how the simulation goes from one request to all. `undefined`: the planner sets none.
 */
function plannedShare(sample: SampledRequest | undefined): number | undefined {
  if (sample === undefined) return undefined;
  const input = sample.operation.startsWith('Converse')
    ? { ...sample.body, modelId: sample.modelId }
    : { modelId: sample.modelId, body: JSON.stringify(sample.body) };
  const stable = planCachePoints(input)
    .points.filter(({ section }) => section !== 'messages')
    .at(-1)?.tokens;
  const all = planCachePoints(input, { conversation: true }).points.at(-1)?.tokens;
  return stable === undefined || all === undefined || all === 0 ? undefined : Math.min(1, stable / all);
}

/**
 * Prefixes that come again without cache points. The logged calls are replayed through a cache: tools and system
 * prompt for 5 minutes or an hour, up to a shared first passage, or whole conversations; whichever saves most. The
 * planner of `@costkit/prompt-cache`, which would set the points, looks at a typical request of each task.
 */
export async function promptCaching(context: FindContext): Promise<readonly Find[]> {
  const { database } = context;
  const candidates = await database.all<Candidate>(CANDIDATES);
  if (candidates.length === 0) return [];
  const samples = await context.samples(candidates.map(({ request_id }) => request_id));
  await database.run(
    'CREATE OR REPLACE TABLE cacheable (task VARCHAR, model_id VARCHAR, factor DOUBLE, is_planned BOOLEAN)',
  );
  for (const { task, model_id, request_id, chars } of candidates) {
    const share = plannedShare(samples.get(request_id));
    const factor = share === undefined || chars === 0 ? 1 : share / chars;
    await database.run(
      `INSERT INTO cacheable VALUES (${sqlText(task)}, ${sqlText(model_id)}, ${factor}, ${share !== undefined})`,
    );
  }
  const variants = ['stable_5m', 'stable_1h', 'opening_5m', 'conversation_5m'];
  const byVariant = await sumSavings(
    database,
    `WITH calls AS (
      SELECT p.*, m.min_cached, m.takes_1h, least(p.prompt_tokens,
          round(p.prompt_tokens * (p.prefix_chars / p.prompt_chars) * factor))::BIGINT AS stable_tokens,
        least(p.prompt_tokens, round(p.prompt_tokens * (p.opening_chars / p.prompt_chars)))::BIGINT AS opening_tokens,
        ${gapOf('prefix')} AS prefix_gap, ${gapOf('opening')} AS opening_gap,
        lag(p.prompt_tokens) OVER (PARTITION BY account, region, p.model_id, opening ORDER BY called_at, request_id) AS previous_tokens
      FROM rated p JOIN cacheable USING (task, model_id) JOIN models m ON m.model_id = p.model_id
      WHERE p.cost > 0 AND p.error IS NULL AND p.points = 0 AND p.prompt_chars > 0 AND p.tier NOT IN ('batch', 'provisioned')
        AND p.cache_read + p.cache_write_5m + p.cache_write_1h = 0
    )
    SELECT task, model_id, day, request_id, call_count, ${prefixSaving('stable_tokens', 'prefix_gap', '5m')} AS saved_stable_5m,
      CASE WHEN takes_1h THEN ${prefixSaving('stable_tokens', 'prefix_gap', '1h')} ELSE 0 END AS saved_stable_1h,
      ${prefixSaving('opening_tokens', 'opening_gap', '5m')} AS saved_opening_5m,
      ${conversationSaving('prompt_tokens', 'previous_tokens', 'opening_gap')} AS saved_conversation_5m
    FROM calls`,
    variants,
  );
  return bestVariants('prompt-caching', byVariant);
}
