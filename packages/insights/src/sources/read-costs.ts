import { type Database, sqlTexts } from '../database.js';
import { InsightsError } from '../errors.js';
import { BILL_TABLE, CREDITS_TABLE } from './read-bill.js';

/** The members of an answer of `GetCostAndUsage` that matter here. */
const ANSWER = JSON.stringify({
  GroupDefinitions: [{ Key: 'VARCHAR' }],
  ResultsByTime: [
    {
      TimePeriod: { Start: 'VARCHAR', End: 'VARCHAR' },
      Groups: [
        {
          Keys: ['VARCHAR'],
          Metrics: {
            UnblendedCost: { Amount: 'VARCHAR' },
            UsageQuantity: { Amount: 'VARCHAR', Unit: 'VARCHAR' },
          },
        },
      ],
    },
  ],
});
/** Days of fetched answers are far below. */
const MOST_ANSWER_BYTES = 268_435_456;

interface CoarseRow {
  readonly file: string;
}

/**
 * Reads answers of Cost Explorer (`fetchCosts`, or `aws ce get-cost-and-usage`) into the table `bill`.
 *
 * @throws InsightsError for answers that are not by day, or not by usage type.
 */
export async function readCosts(database: Database, files: readonly string[]): Promise<void> {
  if (files.length === 0) return;
  await database.run(BILL_TABLE);
  await database.run(CREDITS_TABLE);
  await database.run(`CREATE TABLE costs AS
    WITH answers AS (SELECT filename, from_json(json, '${ANSWER}') AS answer
      FROM read_json_objects(${sqlTexts(files)}, format = 'unstructured', filename = true, maximum_object_size = ${MOST_ANSWER_BYTES})),
    days AS (SELECT filename, list_transform(answer.GroupDefinitions, lambda one: one.Key) AS names, unnest(answer.ResultsByTime) AS day
      FROM answers)
    SELECT filename, names, left(day.TimePeriod.Start, 10)::DATE AS day, left(day.TimePeriod.End, 10)::DATE AS until,
      unnest(day.Groups) AS line FROM days`);
  const [coarse] = await database.all<CoarseRow>(
    "SELECT filename AS file FROM costs WHERE until > day + 1 OR NOT coalesce(list_contains(names, 'USAGE_TYPE'), false) LIMIT 1",
  );
  if (coarse !== undefined) {
    throw new InsightsError(
      'COSTKIT_INSIGHTS_COSTS_TOO_COARSE',
      `"${coarse.file}" does not say what each day and usage type cost. Ask for --granularity DAILY --group-by Type=DIMENSION,Key=SERVICE Type=DIMENSION,Key=USAGE_TYPE, or use fetchCosts`,
    );
  }
  const cost = 'coalesce(try_cast(line.Metrics.UnblendedCost.Amount AS DECIMAL(38, 12)), 0)';
  // What is below zero is no usage: an answer about credits, beside those about usage.
  await database.run(`INSERT INTO bill_credits SELECT day, ${cost} FROM costs WHERE ${cost} < 0`);
  await database.run(`INSERT INTO bill SELECT line.Keys[list_position(names, 'USAGE_TYPE')],
    line.Keys[list_position(names, 'SERVICE')], line.Keys[list_position(names, 'LINKED_ACCOUNT')], NULL, day,
    ${cost}, try_cast(line.Metrics.UsageQuantity.Amount AS DOUBLE), line.Metrics.UsageQuantity.Unit
    FROM costs WHERE ${cost} >= 0`);
  await database.run('DROP TABLE costs');
}
