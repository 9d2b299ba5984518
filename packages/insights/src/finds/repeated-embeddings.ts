import { bestVariants, type Find, type FindContext, sumSavings } from './find.js';

/** Texts that were embedded before, by the same model: their vectors are known. Exact. */
export async function repeatedEmbeddings({ database }: FindContext): Promise<readonly Find[]> {
  const parts = await sumSavings(
    database,
    `SELECT task, model_id, day, request_id, call_count,
      CASE WHEN row_number() OVER (PARTITION BY account, model_id, prompt ORDER BY called_at, request_id) > 1 THEN cost ELSE 0 END
        AS saved_repeated
     FROM priced WHERE kind = 'embedding' AND prompt IS NOT NULL AND cost > 0`,
    ['repeated'],
  );
  return bestVariants('re-embedding', parts, ({ calls }) => ({ repeated: calls }));
}
