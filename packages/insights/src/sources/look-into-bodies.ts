import type { Database } from '../database.js';
import { ANSWER_MACROS } from './answer-macros.js';
import { REQUEST_MACROS } from './request-macros.js';

/** Defines what {@link lookIntoBodies} calls, once for a database. */
export async function createBodyMacros(database: Database): Promise<void> {
  await database.run(REQUEST_MACROS);
  await database.run(ANSWER_MACROS);
}

/**
 * Rows of a query whose columns `request` (a map of members) and `answer` (JSON) are replaced by what is read of them, `q`
 * and `a`: no content. Without a body they are null.
 *
 * The steps are queries within queries, and nothing stands in a CASE that need not: there DuckDB computes once what several
 * columns are made of.
 *
 * @param from - has a column `is_untagged`, too: whether the request's fingerprint is wanted.
 */
export const lookIntoBodies = (from: string): string => `
  SELECT * EXCLUDE (answer, q, a), CASE WHEN is_asked THEN q END AS q, CASE
      WHEN is_events(answer) AND (a.input IS NULL OR a.output IS NULL) THEN answer_of_events(answer)
      WHEN answer IS NOT NULL THEN a END AS a
  FROM (SELECT * EXCLUDE (found, in_answer, in_events), request_of(found, is_untagged) AS q, answer_of(in_answer, in_events) AS a
    FROM (SELECT * EXCLUDE (request), request IS NOT NULL AS is_asked, request_members(request) AS found,
        answer_members(answer) AS in_answer, event_members(answer) AS in_events FROM (${from})))`;
