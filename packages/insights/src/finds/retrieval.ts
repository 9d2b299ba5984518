import { bestVariants, type Find, type FindContext, sumSavings } from './find.js';

/** Prompts that are shorter on average are no documents. */
const LONG_PROMPT_TOKENS = 20_000;
/** What ten retrieved passages of 400 tokens take. */
const RETRIEVED_TOKENS = 4_000;
const FEWEST_CALLS = 20;
/** Where the same passages come again, a cache keeps them at a tenth of the price. */
const MOST_REPEATED_SHARE = 0.5;

/**
 * Long contexts that change from call to call, so that no cache keeps them: what they cost beyond a few retrieved
 * passages. The question's embedding and the store are left out: a thousandth of a long prompt.
 */
export async function retrieval({ database }: FindContext): Promise<readonly Find[]> {
  const byVariant = await sumSavings(
    database,
    `WITH long AS (
      SELECT task, model_id FROM priced WHERE cost > 0 AND error IS NULL AND kind = 'text' AND tier <> 'batch' AND prompt_chars > 0 GROUP BY ALL
      HAVING count(*) >= ${FEWEST_CALLS} AND avg(prompt_tokens) >= ${LONG_PROMPT_TOKENS} AND avg(turns) < 3
        AND count(DISTINCT opening) >= ${MOST_REPEATED_SHARE} * count(*) AND sum(cache_read) = 0
    )
    SELECT task, model_id, day, request_id, call_count, greatest(0, input - ${RETRIEVED_TOKENS}
      - round(prompt_tokens * (prefix_chars / greatest(1, prompt_chars)))::BIGINT)::HUGEINT * own_input AS saved_retrieval
    FROM rated JOIN long USING (task, model_id) WHERE cost > 0 AND prompt_chars > 0`,
    ['retrieval'],
  );
  return bestVariants('retrieval', byVariant, () => ({ retrieved: RETRIEVED_TOKENS }));
}
