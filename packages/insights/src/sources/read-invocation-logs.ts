import { join, sep } from 'node:path';
import { type Database, sqlText, sqlTexts } from '../database.js';
import type { TagKeys } from '../price-calls.js';
import { CALLS_COLUMNS } from './calls-table.js';
import type { SourceFiles } from './find-files.js';
import { linesOfFile } from './lines-of-file.js';
import { lookIntoBodies } from './look-into-bodies.js';
import { REQUEST_TYPE } from './request-macros.js';

/** The largest record: two bodies of 100 KB inline, escaped, with room to spare. */
export const MOST_RECORD_BYTES = 2_097_152;
/** Requests are at most 25 MB; JSON escapes make them longer. */
const MOST_BODY_BYTES = 67_108_864;

/**
 * How a request is taken out of its record: open, as those of its members that are looked at, or as a whole. A log is read
 * once, open; only files with a body that must be looked at as a whole are read again.
 */
type RequestType = typeof REQUEST_TYPE | 'JSON';

/** A record's members and their types. Only these are taken out of it; the rest is never kept. */
const membersOf = (request: RequestType): Readonly<Record<string, string>> => ({
  timestamp: 'VARCHAR',
  accountId: 'VARCHAR',
  region: 'VARCHAR',
  requestId: 'VARCHAR',
  operation: 'VARCHAR',
  modelId: 'VARCHAR',
  errorCode: 'VARCHAR',
  serviceTier: 'VARCHAR',
  identity: 'STRUCT(arn VARCHAR)',
  requestMetadata: 'MAP(VARCHAR, VARCHAR)',
  input: `STRUCT(inputBodyJson ${request}, inputBodyS3Path VARCHAR, inputTokenCount BIGINT,
    cacheReadInputTokenCount BIGINT, cacheWriteInputTokenCount BIGINT)`,
  output: 'STRUCT(outputBodyJson JSON, outputBodyS3Path VARCHAR, outputTokenCount BIGINT)',
});

const namesOf = (members: Readonly<Record<string, string>>): string =>
  `{${Object.entries(members)
    .map(([name, type]) => `${name}: ${sqlText(type)}`)
    .join(', ')}}`;

/** Records of log files, of which no more is looked at than these members; of lines that are none all are null. */
const recordsOfLines = (files: readonly string[], request: RequestType): string =>
  `SELECT * FROM read_ndjson(${sqlTexts(files)}, columns = ${namesOf(membersOf(request))}, filename = true,
     ignore_errors = true, maximum_object_size = ${MOST_RECORD_BYTES})`;

/** Records that stand as JSON within something else. */
const recordsOfJson = (jsons: string, request: RequestType): string =>
  `SELECT record.*, filename FROM (SELECT filename, from_json(json, ${sqlText(JSON.stringify(membersOf(request)))}) AS record
   FROM (${jsons}))`;

/** The same with a time in front of each line, as CloudWatch exports log groups; no column separator stands in JSON. */
const timedLines = (files: readonly string[]): string =>
  `SELECT filename, try_cast(line[strpos(line, '{'):] AS JSON) AS json
   FROM read_csv(${sqlTexts(files)}, columns = {'line': 'VARCHAR'}, delim = chr(1), quote = '', escape = '',
     header = false, auto_detect = false, filename = true, ignore_errors = true, max_line_size = ${MOST_RECORD_BYTES},
     buffer_size = ${2 * MOST_RECORD_BYTES}) WHERE line IS NOT NULL`;

const messagesOfEvents = (files: readonly string[]): string =>
  `SELECT filename, try_cast(unnest(json_extract_string(json, '$.events[*].message')) AS JSON) AS json
   FROM read_json_objects(${sqlTexts(files)}, format = 'unstructured', filename = true,
     maximum_object_size = ${MOST_BODY_BYTES})`;

type LogFiles = Pick<SourceFiles, 'invocationLog' | 'timedLog' | 'logEvents' | 'body'>;

function records({ invocationLog, timedLog, logEvents }: LogFiles, request: RequestType): string {
  return [
    ...(invocationLog.length === 0 ? [] : [recordsOfLines(invocationLog, request)]),
    ...(timedLog.length === 0 ? [] : [recordsOfJson(timedLines(timedLog), request)]),
    ...(logEvents.length === 0 ? [] : [recordsOfJson(messagesOfEvents(logEvents), request)]),
  ].join(' UNION ALL ');
}

/** Bodies that stand in files of their own, read into the same structs, by the name of their file. */
async function readLargeBodies(database: Database, body: readonly string[]): Promise<void> {
  const bodies = (side: 'input' | 'output'): string => {
    const files = body.filter((file) => file.includes(`_${side}.json`));
    return files.length === 0
      ? "SELECT '' AS filename, '{}'::JSON AS json WHERE false"
      : `SELECT filename, json_extract(json, '$') AS json FROM read_json_objects(${sqlTexts(files)},
           format = 'unstructured', filename = true, maximum_object_size = ${MOST_BODY_BYTES})`;
  };
  await database.run(
    `CREATE TABLE large_input AS SELECT name, q AS read FROM (${lookIntoBodies(
      `SELECT parse_filename(filename) AS name, members_of(json) AS request, json AS whole, NULL::JSON AS answer, true AS is_untagged
     FROM (${bodies('input')})`,
    )})`,
  );
  await database.run(
    `CREATE TABLE large_output AS SELECT name, a AS read FROM (${lookIntoBodies(
      `SELECT parse_filename(filename) AS name, members_of(NULL::JSON) AS request, NULL::JSON AS whole, json AS answer, false AS is_untagged
     FROM (${bodies('output')})`,
    )})`,
  );
}

const WITH_LARGE_BODIES = `(SELECT d.* EXCLUDE (q, a), coalesce(d.q, i.read) AS q, coalesce(d.a, o.read) AS a FROM described d
  LEFT JOIN large_input i ON i.name = d.request_file LEFT JOIN large_output o ON o.name = d.answer_file)`;

/** A body that does not open: it may be the text of one, or a request of a family that is not known. */
const IS_CLOSED = "(is_closed(request) OR coalesce(starts_with(answer::VARCHAR, '\"'), false))";

/** A stream without counts, in its record as at its ends: they may stand among its other events. */
const isUncounted = (isStream: string, answer: string): string =>
  `(coalesce(${isStream}, false) AND errorCode IS NULL AND (coalesce(input, ${answer}.input) IS NULL OR coalesce(output, ${answer}.output) IS NULL))`;

async function readRecords(
  database: Database,
  files: LogFiles,
  { feature, task }: TagKeys,
  request: RequestType,
): Promise<void> {
  const isOpen = request !== 'JSON';
  const tag = (key: string): string => `coalesce(requestMetadata[${sqlText(key)}], '') = ''`;
  await database.run(`
    INSERT INTO calls (${CALLS_COLUMNS})
    WITH opened AS (
      SELECT * EXCLUDE (identity, input, output), identity.arn AS identity,
        ${isOpen ? 'input.inputBodyJson' : 'members_of(input.inputBodyJson)'} AS request,
        ${isOpen ? 'NULL::JSON' : 'unwrapped(input.inputBodyJson)'} AS whole,
        output.outputBodyJson AS answer, input.inputTokenCount AS input, output.outputTokenCount AS output,
        input.cacheReadInputTokenCount AS cache_read, input.cacheWriteInputTokenCount AS cache_write,
        parse_filename(input.inputBodyS3Path) AS request_file, parse_filename(output.outputBodyS3Path) AS answer_file,
        ${tag(feature)} AND ${tag(task)} AS is_untagged
      FROM (${records(files, request)})
    ),
    -- No content from here on: what follows is joined, and a join may keep its rows in memory.
    described AS (${lookIntoBodies(
      isOpen
        ? `SELECT *, ${IS_CLOSED} AS is_closed FROM opened`
        : `SELECT * EXCLUDE (request, answer), members_of(whole) AS request, unwrapped(answer) AS answer
           FROM opened WHERE ${IS_CLOSED} OR ${isUncounted('is_events(answer)', 'answer_of(answer_members(answer))')}`,
      isOpen ? 'answer_members' : 'all_answer_members',
    )})
    SELECT CASE WHEN ${isOpen ? `is_closed OR ${isUncounted('is_streamed_answer', 'a')}` : 'false'} THEN 'closed' ELSE 'invocationLog' END, filename, requestId,
      try_cast(timestamp AS TIMESTAMPTZ)::TIMESTAMP, accountId, region, operation, modelId, identity, requestMetadata,
      CASE
        WHEN regexp_matches(operation, 'Batch|ModelInvocationJob') THEN 'batch'
        WHEN q.latency = 'optimized' THEN 'latencyOptimized'
        ELSE coalesce(nullif(coalesce(a.tier, serviceTier, q.tier), 'default'), 'standard')
      END,
      errorCode, coalesce(input, a.input), coalesce(output, a.output), a.total, coalesce(cache_read, a.cache_read),
      coalesce(cache_write, a.cache_write),
      -- Where the answer does not split its writes, the points of the request say how long they live.
      coalesce(a.cache_write_1h, CASE WHEN q.long_points > 0 AND q.long_points = q.points
        THEN coalesce(cache_write, a.cache_write) END),
      false, q.max_tokens, a.latency_ms, contains(operation, 'Stream'),
      q.tools, q.turns, q.points, q.long_points, q.fingerprint, q.prefix, q.prefix_chars, q.opening, q.opening_chars,
      q.prompt, q.prompt_chars, 1
    FROM ${files.body.length > 0 ? WITH_LARGE_BODIES : 'described'}`);
}

/** What a log holds that is no record. */
export interface BrokenLog {
  /** Lines that hold no record, e.g. half of one, or are too long for one. */
  readonly lines: number;
  /** Files of gzip that end before their end: nobody knows how many records they have lost. */
  readonly cutOffFiles: readonly string[];
}

const BROKEN = "source = 'invocationLog' AND (called_at IS NULL OR model_id IS NULL)";

/**
 * What is broken of the files that were read. Lines of text that are longer than any record are passed over, and so are those
 * that are no text: what has more lines than were read has lost some. Half a line may be the end of half a file.
 */
async function brokenIn(database: Database, { timedLog }: LogFiles): Promise<BrokenLog> {
  const rows = await database.all<{ file: string; lines: bigint; broken: bigint }>(
    `SELECT file, count(*) AS lines, count(*) FILTER (${BROKEN}) AS broken FROM calls WHERE source = 'invocationLog'
     GROUP BY file HAVING broken > 0 OR list_contains(${sqlTexts(timedLog)}::VARCHAR[], file)`,
  );
  const texts = new Set(timedLog);
  const read = new Map(rows.map(({ file, ...counts }) => [file, counts]));
  let lines = 0;
  const cutOffFiles: string[] = [];
  for (const file of new Set([...read.keys(), ...timedLog])) {
    const { lines: seen = 0n, broken = 0n } = read.get(file) ?? {};
    lines += Number(broken);
    if (!texts.has(file) && !file.endsWith('.gz')) continue;
    const all = await linesOfFile(file);
    if (texts.has(file)) lines += Math.max(0, all.lines - Number(seen));
    // What was downloaded is gone afterwards: its key is its name.
    if (all.isCutOff) cutOffFiles.push(file.replace(join(database.folder, sep), ''));
  }
  return { lines, cutOffFiles };
}

/** Reads invocation logs into the table of calls. Needs the macros of bodies. */
export async function readInvocationLogs(
  database: Database,
  files: SourceFiles,
  tagKeys: TagKeys,
): Promise<BrokenLog> {
  if (files.invocationLog.length + files.timedLog.length + files.logEvents.length === 0)
    return { lines: 0, cutOffFiles: [] };
  if (files.body.length > 0) await readLargeBodies(database, files.body);
  await readRecords(database, files, tagKeys, REQUEST_TYPE);
  const closed = await database.all<{ file: string }>(
    "SELECT DISTINCT file FROM calls WHERE source = 'closed'",
  );
  if (closed.length > 0) {
    const names = new Set(closed.map(({ file }) => file));
    const among = (some: readonly string[]): readonly string[] => some.filter((file) => names.has(file));
    await database.run("DELETE FROM calls WHERE source = 'closed'");
    const { invocationLog, timedLog, logEvents } = files;
    const again = {
      invocationLog: among(invocationLog),
      timedLog: among(timedLog),
      logEvents: among(logEvents),
      body: files.body,
    };
    await readRecords(database, again, tagKeys, 'JSON');
  }
  // Counted and taken out afterwards: another look at the files would cost as much as the first.
  const broken = await brokenIn(database, files);
  await database.run(`DELETE FROM calls WHERE ${BROKEN}`);
  return broken;
}
