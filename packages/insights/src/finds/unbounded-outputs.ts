import { IS_SINGLE } from '../sources/calls-table.js';
import { bestVariants, type Find, type FindContext, sumSavings } from './find.js';

/** Answers a task must have before a cap is read from them. */
const FEWEST_ANSWERS = 100;
/** A cap above what nine of ten answers take, as the limiter leaves room above what it has seen. */
const QUANTILE = 0.9;
const HEADROOM = 1.5;
const SMALLEST_CAP = 64;
/** A cap of the caller's own that lies so far above the answers is none. */
const LOOSE = 4;
/** Share of the answers' cost below which a long tail is none. */
const TAIL_SHARE = 0.1;

const CAPS = `SELECT task, model_id, greatest(${SMALLEST_CAP}, ceil(${HEADROOM} * quantile_disc(output, ${QUANTILE})))::BIGINT AS cap
  FROM priced WHERE ${IS_SINGLE} AND cost > 0 AND kind = 'text' AND output > 0 GROUP BY ALL HAVING count(*) >= ${FEWEST_ANSWERS}`;

/**
 * Tasks without a cap, or with one far above their answers, whose longest answers cost a good part of all: what lies
 * above the cap that nine of ten answers stay well below. Answers that are cut there may have to be asked for again.
 */
export async function unboundedOutputs({ database }: FindContext): Promise<readonly Find[]> {
  const caps = await database.all<{ task: string; model_id: string; cap: bigint }>(CAPS);
  const capOf = new Map(
    caps.map(({ task, model_id, cap }) => [JSON.stringify([task, model_id]), Number(cap)]),
  );
  const parts = await sumSavings(
    database,
    `WITH caps AS (${CAPS}),
    uncapped AS (
      SELECT task, model_id, cap FROM priced JOIN caps USING (task, model_id) WHERE ${IS_SINGLE} AND cost > 0 AND output > 0 GROUP BY ALL
      HAVING count(*) FILTER (max_tokens IS NULL OR max_tokens >= ${LOOSE} * cap) >= ${QUANTILE} * count(*)
        AND sum(greatest(0, output - cap)) >= ${TAIL_SHARE} * sum(output)
    )
    SELECT task, model_id, day, request_id, call_count,
      CASE WHEN output > cap THEN (output - cap)::HUGEINT * own_output ELSE 0 END AS saved_cap
    FROM rated JOIN uncapped USING (task, model_id) WHERE ${IS_SINGLE} AND cost > 0 AND output > 0`,
    ['cap'],
  );
  return bestVariants('output-cap', parts, ({ task, modelId, calls }) => ({
    cap: capOf.get(JSON.stringify([task, modelId])) ?? 0,
    cut: calls,
  }));
}
