import { type Database, sqlTexts } from '../database.js';
import { CALLS_COLUMNS } from './calls-table.js';
import type { SourceFiles } from './find-files.js';

/** The largest record: two bodies of 100 KB inline, escaped, with room to spare. */
const MOST_RECORD_BYTES = 2_097_152;
/** Requests are at most 25 MB; JSON escapes make them longer. */
const MOST_BODY_BYTES = 67_108_864;

/** Only these members are taken out of a record; the rest is never kept. */
const RECORD = JSON.stringify({
  timestamp: 'VARCHAR',
  accountId: 'VARCHAR',
  region: 'VARCHAR',
  inferenceRegion: 'VARCHAR',
  requestId: 'VARCHAR',
  operation: 'VARCHAR',
  modelId: 'VARCHAR',
  errorCode: 'VARCHAR',
  serviceTier: 'VARCHAR',
  identity: { arn: 'VARCHAR' },
  requestMetadata: 'MAP(VARCHAR, VARCHAR)',
  input: {
    inputBodyJson: 'JSON',
    inputBodyS3Path: 'VARCHAR',
    inputTokenCount: 'BIGINT',
    cacheReadInputTokenCount: 'BIGINT',
    cacheWriteInputTokenCount: 'BIGINT',
  },
  output: { outputBodyJson: 'JSON', outputBodyS3Path: 'VARCHAR', outputTokenCount: 'BIGINT' },
});

/** Records of log files as JSON, one a row; lines that are none are null. */
export const recordsOfLines = (files: readonly string[]): string =>
  `SELECT filename, json FROM read_ndjson_objects(${sqlTexts(files)}, filename = true, ignore_errors = true,
     maximum_object_size = ${MOST_RECORD_BYTES})`;

/** The same with a time in front of each line, as CloudWatch exports log groups; no column separator stands in JSON. */
const recordsOfTimedLines = (files: readonly string[]): string =>
  `SELECT filename, try_cast(line[strpos(line, '{'):] AS JSON) AS json
   FROM read_csv(${sqlTexts(files)}, columns = {'line': 'VARCHAR'}, delim = chr(1), quote = '', escape = '',
     header = false, auto_detect = false, filename = true, ignore_errors = true, max_line_size = ${MOST_RECORD_BYTES},
     buffer_size = ${2 * MOST_RECORD_BYTES})`;

const recordsOfEvents = (files: readonly string[]): string =>
  `SELECT filename, try_cast(unnest(json_extract_string(json, '$.events[*].message')) AS JSON) AS json
   FROM read_json_objects(${sqlTexts(files)}, format = 'unstructured', filename = true,
     maximum_object_size = ${MOST_BODY_BYTES})`;

function records({ invocationLog, timedLog, logEvents }: SourceFiles): string {
  return [
    ...(invocationLog.length === 0 ? [] : [recordsOfLines(invocationLog)]),
    ...(timedLog.length === 0 ? [] : [recordsOfTimedLines(timedLog)]),
    ...(logEvents.length === 0 ? [] : [recordsOfEvents(logEvents)]),
  ].join(' UNION ALL ');
}

/** Bodies that stand in files of their own, read into the same structs, by the name of their file. */
async function readLargeBodies(database: Database, { body }: SourceFiles): Promise<void> {
  const of = (side: 'input' | 'output'): readonly string[] =>
    body.filter((file) => file.includes(`_${side}.json`));
  const bodies = (side: 'input' | 'output'): string => {
    const files = of(side);
    return files.length === 0
      ? "SELECT '' AS filename, '{}'::JSON AS json WHERE false"
      : `FROM read_json_objects(${sqlTexts(files)}, format = 'unstructured', filename = true,
           maximum_object_size = ${MOST_BODY_BYTES})`;
  };
  await database.run(`CREATE TABLE large_input AS SELECT parse_filename(filename) AS name,
    request_of(found, lengths, json) AS read
    FROM (SELECT filename, json, request_members(json) AS found, request_lengths(json) AS lengths FROM (${bodies('input')}))`);
  await database.run(`CREATE TABLE large_output AS SELECT parse_filename(filename) AS name, answer_of(found, json) AS read
    FROM (SELECT filename, json, answer_members(json) AS found FROM (${bodies('output')}))`);
}

/**
 * Reads invocation logs into the table of calls. Needs the macros of bodies.
 *
 * @returns lines that hold no record, e.g. half of one.
 */
export async function readInvocationLogs(database: Database, files: SourceFiles): Promise<number> {
  if (files.invocationLog.length + files.timedLog.length + files.logEvents.length === 0) return 0;
  await readLargeBodies(database, files);
  await database.run(`
    INSERT INTO calls (${CALLS_COLUMNS})
    WITH records AS (${records(files)}),
    parsed AS (SELECT filename, from_json(json, '${RECORD}') AS r FROM records),
    opened AS (
      SELECT filename, r, unwrapped(r.input.inputBodyJson) AS request, unwrapped(r.output.outputBodyJson) AS answer
      FROM parsed
    ),
    looked AS (
      SELECT *, request_members(request) AS in_request, request_lengths(request) AS lengths,
        answer_members(answer) AS in_answer FROM opened
    ),
    -- No content from here on: what follows is joined, and a join may keep its rows in memory.
    described AS (
      SELECT filename, r.timestamp AS timestamp, r.accountId AS account, r.region AS region, r.inferenceRegion AS served_in,
        r.requestId AS request_id, r.operation AS operation, r.modelId AS model_id, r.errorCode AS error,
        r.serviceTier AS tier, r.identity.arn AS identity, r.requestMetadata AS tags, r.input.inputTokenCount AS input,
        r.output.outputTokenCount AS output, r.input.cacheReadInputTokenCount AS cache_read,
        r.input.cacheWriteInputTokenCount AS cache_write, request_of(in_request, lengths, request) AS request,
        answer_of(in_answer, answer) AS answer,
        parse_filename(r.input.inputBodyS3Path) AS request_file, parse_filename(r.output.outputBodyS3Path) AS answer_file
      FROM looked
    ),
    joined AS (
      SELECT d.*, coalesce(request, i.read) AS q, coalesce(answer, o.read) AS a FROM described d
      LEFT JOIN large_input i ON i.name = d.request_file LEFT JOIN large_output o ON o.name = d.answer_file
    )
    SELECT 'invocationLog', filename, request_id, try_cast(timestamp AS TIMESTAMPTZ)::TIMESTAMP, account, region,
      served_in, operation, model_id, identity, tags,
      CASE
        WHEN regexp_matches(operation, 'Batch|ModelInvocationJob') THEN 'batch'
        WHEN q.latency = 'optimized' THEN 'latencyOptimized'
        ELSE coalesce(nullif(coalesce(a.tier, tier, q.tier), 'default'), 'standard')
      END,
      error, coalesce(input, a.input), coalesce(output, a.output), a.total, coalesce(cache_read, a.cache_read),
      coalesce(cache_write, a.cache_write),
      -- Where the answer does not split its writes, the points of the request say how long they live.
      coalesce(a.cache_write_1h, CASE WHEN q.long_points > 0 AND q.long_points = q.points
        THEN coalesce(cache_write, a.cache_write) END),
      false, q.max_tokens, a.stop_reason, a.latency_ms, contains(operation, 'Stream'),
      q.tools, q.turns, q.points, q.long_points, q.fingerprint, q.prefix, q.prefix_chars, q.opening, q.opening_chars,
      q.prompt, q.prompt_chars, 1
    FROM joined`);
  // Counted and taken out afterwards: another look at the files would cost as much as the first.
  const broken = "source = 'invocationLog' AND (called_at IS NULL OR model_id IS NULL)";
  const [read] = await database.all<{ lines: bigint }>(`SELECT count(*) AS lines FROM calls WHERE ${broken}`);
  await database.run(`DELETE FROM calls WHERE ${broken}`);
  return Number(read?.lines ?? 0);
}
