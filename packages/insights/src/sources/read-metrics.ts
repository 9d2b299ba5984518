import { type Database, sqlTexts } from '../database.js';

/** A line of `fetchBedrockMetrics`. */
const HOUR = JSON.stringify({
  hour: 'VARCHAR',
  region: 'VARCHAR',
  account: 'VARCHAR',
  modelId: 'VARCHAR',
  tier: 'VARCHAR',
  invocations: 'BIGINT',
  clientErrors: 'BIGINT',
  serverErrors: 'BIGINT',
  throttles: 'BIGINT',
  inputTokens: 'BIGINT',
  outputTokens: 'BIGINT',
  cacheReadTokens: 'BIGINT',
  cacheWriteTokens: 'BIGINT',
});

/** Calls that end without an answer, by the member that counts them. */
const FAILURES = [
  ['clientErrors', 'InvocationClientErrors'],
  ['serverErrors', 'InvocationServerErrors'],
  ['throttles', 'InvocationThrottles'],
] as const;

const INSERT = `INSERT INTO calls (source, file, called_at, account, region, model_id, tier, error, input, output,
  cache_read, cache_write, is_disjoint, call_count)`;

/** Reads hours of metrics into the table of calls: a row for all that succeeded, and one for each way to fail. */
export async function readMetrics(database: Database, files: readonly string[]): Promise<void> {
  if (files.length === 0) return;
  // Fetched twice, an hour counts once: the later look may have seen more of it.
  await database.run(`CREATE TABLE metrics AS
    SELECT filename, try_cast(r.hour AS TIMESTAMPTZ)::TIMESTAMP AS called_at, r FROM (
      SELECT filename, from_json(json, '${HOUR}') AS r
      FROM read_ndjson_objects(${sqlTexts(files)}, ignore_errors = true, filename = true) WHERE json IS NOT NULL)
    WHERE called_at IS NOT NULL AND r.modelId IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY r.account, r.region, r.modelId, r.tier, called_at ORDER BY r.invocations DESC) = 1`);
  await database.run(`${INSERT} SELECT 'metrics', filename, called_at, r.account, r.region, r.modelId, r.tier, NULL,
    r.inputTokens, r.outputTokens, r.cacheReadTokens, r.cacheWriteTokens, true, r.invocations
    FROM metrics WHERE coalesce(r.invocations, 0) + coalesce(r.inputTokens, 0) + coalesce(r.outputTokens, 0) > 0`);
  for (const [member, error] of FAILURES) {
    await database.run(`${INSERT} SELECT 'metrics', filename, called_at, r.account, r.region, r.modelId, r.tier, '${error}',
      NULL, NULL, NULL, NULL, true, r.${member} FROM metrics WHERE r.${member} > 0`);
  }
  await database.run('DROP TABLE metrics');
}

const FIGURES = ['input', 'output', 'cache_read', 'cache_write', 'call_count'] as const;

const LEFT = "SELECT coalesce(sum(call_count), 0)::HUGEINT AS calls FROM calls WHERE source = 'metrics'";

/**
 * Takes out of the metrics what other sources have, too: a call counts once. An invocation log has every call of its
 * account and Region, so between its first record and its last it speaks alone; a ledger has those of its application,
 * which are taken off hour by hour.
 *
 * @returns how many calls that were.
 */
export async function dropCoveredMetrics(database: Database): Promise<number> {
  const [all] = await database.all<{ calls: bigint }>(LEFT);
  if (all?.calls === 0n) return 0;
  await database.run(`CREATE TABLE covered AS SELECT account, region, date_trunc('hour', min(called_at)) AS first,
    max(called_at) AS last FROM calls WHERE source IN ('invocationLog', 'aggregates', 'callRows') AND region IS NOT NULL GROUP BY ALL`);
  await database.run(`DELETE FROM calls WHERE source = 'metrics' AND EXISTS (SELECT 1 FROM covered
    WHERE covered.region = calls.region AND coalesce(covered.account = calls.account, true)
      AND calls.called_at BETWEEN covered.first AND covered.last)`);
  // A ledger does not say whose account it is: of several that have the same hour, what one lacks the next one has.
  const before = (name: string): string =>
    `coalesce(sum(coalesce(m.${name}, 0)) OVER (PARTITION BY m.region, m.model_id, m.tier, m.called_at ORDER BY m.call_count DESC, m.rowid
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)`;
  await database.run(`UPDATE calls SET ${FIGURES.map((name) => `${name} = greatest(0, calls.${name} - own.${name})`).join(', ')}
    FROM (SELECT m.rowid AS id, ${FIGURES.map((name) => `greatest(0, l.${name} - ${before(name)})::BIGINT AS ${name}`).join(', ')}
      FROM calls m JOIN (SELECT region, model_id, tier, date_trunc('hour', called_at) AS hour,
          ${FIGURES.map((name) => `sum(coalesce(${name}, 0))::BIGINT AS ${name}`).join(', ')}
        FROM calls WHERE source = 'ledger' AND error IS NULL GROUP BY ALL) l
      ON m.region = l.region AND m.model_id = l.model_id AND m.tier = l.tier AND m.called_at = l.hour
      WHERE m.source = 'metrics' AND m.error IS NULL) own
    WHERE calls.rowid = own.id`);
  await database.run(
    "DELETE FROM calls WHERE source = 'metrics' AND call_count = 0 AND coalesce(input, 0) + coalesce(output, 0) = 0",
  );
  const [after] = await database.all<{ calls: bigint }>(LEFT);
  return Number(all?.calls ?? 0n) - Number(after?.calls ?? 0n);
}
