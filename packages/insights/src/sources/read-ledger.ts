import { type Database, sqlTexts } from '../database.js';
import { CALLS_COLUMNS } from './calls-table.js';

const USAGE = {
  input: 'BIGINT',
  output: 'BIGINT',
  cacheRead: 'BIGINT',
  cacheWrite5m: 'BIGINT',
  cacheWrite1h: 'BIGINT',
  cacheWrite30m: 'BIGINT',
};

/** Of the receipts of `jsonlSink`: every paid attempt, with the tags of its call. */
const RECEIPT = JSON.stringify({
  id: 'VARCHAR',
  operation: 'VARCHAR',
  tags: 'MAP(VARCHAR, VARCHAR)',
  attempts: [
    {
      modelId: 'VARCHAR',
      region: 'VARCHAR',
      mode: 'VARCHAR',
      startedAt: 'VARCHAR',
      latencyMs: 'DOUBLE',
      requestId: 'VARCHAR',
      error: 'VARCHAR',
      usage: USAGE,
    },
  ],
});

/**
 * Reads ledgers into the table of calls. They hold no prompts, so what is found by looking at prompts is not found.
 *
 * @returns lines that hold no receipt.
 */
export async function readLedger(database: Database, files: readonly string[]): Promise<number> {
  if (files.length === 0) return 0;
  const lines = `read_ndjson_objects(${sqlTexts(files)}, ignore_errors = true, filename = true)`;
  await database.run(`
    INSERT INTO calls (${CALLS_COLUMNS})
    WITH receipts AS (SELECT filename, from_json(json, '${RECEIPT}') AS r FROM ${lines} WHERE json IS NOT NULL),
    attempts AS (SELECT filename, r, unnest(r.attempts) AS a, generate_subscripts(r.attempts, 1) AS number FROM receipts)
    SELECT 'ledger', filename, coalesce(a.requestId, r.id || '#' || number),
      try_cast(a.startedAt AS TIMESTAMPTZ)::TIMESTAMP, NULL, a.region, r.operation, a.modelId, NULL, r.tags,
      a.mode, a.error, a.usage.input, a.usage.output, NULL, a.usage.cacheRead,
      a.usage.cacheWrite5m + a.usage.cacheWrite1h + a.usage.cacheWrite30m, a.usage.cacheWrite1h, true,
      NULL, a.latencyMs, contains(r.operation, 'Stream'),
      NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1
    FROM attempts`);
  const [read] = await database.all<{ lines: bigint }>(
    `SELECT count(*) AS lines FROM ${lines} WHERE json IS NULL`,
  );
  return Number(read?.lines ?? 0);
}
