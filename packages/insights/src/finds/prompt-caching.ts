import { planCachePoints } from '@costkit/prompt-cache';
import { sqlText } from '../database.js';
import { marginShare } from '../student-t.js';
import { conversationSaving, gapOf, prefixSaving } from './cache-simulation.js';
import { bestVariants, type Find, type FindContext, type SampledRequest, sumSavings } from './find.js';

/** Fewer calls say nothing about how often a prefix comes again. */
const FEWEST_CALLS = 20;

/** Prompts of a task are sampled in these strata of their lengths, one of each: as many of every length as there are. */
const STRATA = [0.1, 0.3, 0.5, 0.7, 0.9];

interface Candidate {
  readonly task: string;
  readonly model_id: string;
  readonly request_id: string;
  /** Share of the prompt that tools and system prompt are, in characters. */
  readonly chars: number;
}

/** Tasks whose prompts are long enough and have no cache points, with a request of each stratum. */
const CANDIDATES = `
  WITH uncached AS (
    SELECT p.task, p.model_id, p.request_id, p.prompt_tokens, p.prefix_chars / greatest(1, p.prompt_chars) AS chars
    FROM priced p JOIN models m ON m.model_id = p.model_id
    WHERE p.cost > 0 AND p.error IS NULL AND p.points = 0 AND p.cache_read + p.cache_write_5m + p.cache_write_1h = 0
      AND p.prompt_chars > 0 AND p.tier NOT IN ('batch', 'provisioned') AND m.caches AND p.prompt_tokens >= m.min_cached
  ),
  lengths AS (
    SELECT task, model_id, unnest(quantile_disc(prompt_tokens, [${STRATA.join(', ')}])) AS length, unnest(range(${STRATA.length})) AS stratum
    FROM uncached GROUP BY ALL HAVING count(*) >= ${FEWEST_CALLS}
  )
  SELECT task, model_id, stratum, arg_min(request_id, (abs(prompt_tokens - length), request_id)) AS request_id,
    arg_min(chars, (abs(prompt_tokens - length), request_id)) AS chars
  FROM uncached JOIN lengths USING (task, model_id) GROUP BY ALL ORDER BY task, model_id, stratum`;

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
 * planner of `@costkit/prompt-cache`, which would set the points, looks at a stratified sample of each task,
 * whose error is in the interval.
 */
export async function promptCaching(context: FindContext): Promise<readonly Find[]> {
  const { database } = context;
  const candidates = await database.all<Candidate>(CANDIDATES);
  if (candidates.length === 0) return [];
  const samples = await context.samples([...new Set(candidates.map(({ request_id }) => request_id))]);
  await database.run('CREATE OR REPLACE TABLE cacheable (task VARCHAR, model_id VARCHAR, factor DOUBLE)');
  const factors = new Map<string, number[]>();
  for (const { task, model_id, request_id, chars } of candidates) {
    const share = plannedShare(samples.get(request_id));
    const key = JSON.stringify([task, model_id]);
    const known = factors.get(key) ?? [];
    factors.set(key, share === undefined || chars === 0 ? known : [...known, share / chars]);
  }
  for (const [key, sampled] of factors) {
    const [task = '', modelId = ''] = JSON.parse(key) as readonly string[];
    const factor = sampled.reduce((sum, one) => sum + one, 0) / sampled.length;
    await database.run(
      `INSERT INTO cacheable VALUES (${sqlText(task)}, ${sqlText(modelId)}, ${sampled.length === 0 ? 1 : factor})`,
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
  return bestVariants('prompt-caching', byVariant).map((find) => {
    const [part] = find.parts;
    const samplingShare = marginShare(factors.get(JSON.stringify([part?.task, part?.modelId])) ?? []);
    // The other ways go by the length of passages alone, which is known of every call.
    return find.variant.startsWith('stable') && samplingShare !== undefined
      ? { ...find, samplingShare }
      : find;
  });
}
