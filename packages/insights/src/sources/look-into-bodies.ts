import type { Database } from '../database.js';
import { ANSWER_MACROS } from './answer-macros.js';
import { REQUEST_MACROS } from './request-macros.js';

/** Defines what {@link lookIntoBodies} calls, once for a database. */
export async function createBodyMacros(database: Database): Promise<void> {
  await database.run(REQUEST_MACROS);
  await database.run(ANSWER_MACROS);
}

/**
 * Rows of a query whose columns `request` (its members), `whole` (the same as JSON, for requests of unknown families) and
 * `answer` (JSON) are replaced by what is read of them, `q` and `a`: no content. Without a body they are null.
 *
 * The steps are queries within queries, and nothing stands in a CASE that need not: there DuckDB computes once what several
 * columns are made of.
 *
 * @param from - has a column `is_untagged`, too: whether the request's fingerprint is wanted.
 * @param members - looks at the ends of streams, which is quicker, or at all their events.
 */
export const lookIntoBodies = (
  from: string,
  members: 'answer_members' | 'all_answer_members' = 'all_answer_members',
): string => `
  SELECT * EXCLUDE (q, a), CASE WHEN is_asked THEN q END AS q, CASE WHEN is_answered THEN a END AS a
  FROM (SELECT * EXCLUDE (found, said), request_of(found, is_untagged) AS q, answer_of(said) AS a
    FROM (SELECT * EXCLUDE (request, whole, answer), request IS NOT NULL AS is_asked, answer IS NOT NULL AS is_answered,
        is_events(answer) AS is_streamed_answer, request_members(request, whole) AS found, ${members}(answer) AS said FROM (${from})))`;
