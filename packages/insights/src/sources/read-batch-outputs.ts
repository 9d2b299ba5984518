import { readFile } from 'node:fs/promises';
import { sep } from 'node:path';
import { type Database, sqlText, sqlTexts } from '../database.js';
import { InsightsError } from '../errors.js';
import { CALLS_COLUMNS } from './calls-table.js';
import type { SourceFiles } from './find-files.js';
import { lookIntoBodies } from './look-into-bodies.js';

/** A record echoes its request; input files are at most 1 GB, requests far below. */
const MOST_LINE_BYTES = 67_108_864;

/** A line of a job's output: an answer or an error. AWS, Bedrock user guide, "View the results of a batch inference job". */
const RECORD = JSON.stringify({
  recordId: 'VARCHAR',
  modelInput: 'JSON',
  modelOutput: 'JSON',
  error: { errorCode: 'VARCHAR' },
});

/** What the account knows of a job, and its output does not say. */
interface BatchJob {
  readonly id: string;
  readonly arn: string;
  readonly modelId: string;
  readonly submitTime: string;
}

interface Summaries {
  readonly invocationJobSummaries?: readonly {
    readonly jobArn?: string;
    readonly modelId?: string;
    readonly submitTime?: string;
  }[];
}

async function jobsOf(files: readonly string[]): Promise<ReadonlyMap<string, BatchJob>> {
  const jobs = new Map<string, BatchJob>();
  for (const file of files) {
    const { invocationJobSummaries = [] } = JSON.parse(await readFile(file, 'utf8')) as Summaries;
    for (const { jobArn: arn = '', modelId = '', submitTime = '' } of invocationJobSummaries) {
      const id = arn.split('/').at(-1) ?? '';
      jobs.set(id, { id, arn, modelId, submitTime });
    }
  }
  return jobs;
}

/** Bedrock writes a job's output into a folder that is called by the job's id. */
function jobOfFile(file: string, jobs: ReadonlyMap<string, BatchJob>): BatchJob {
  const job = file
    .split(sep)
    .map((folder) => jobs.get(folder))
    .find((one) => one !== undefined);
  if (job !== undefined) return job;
  throw new InsightsError(
    'COSTKIT_INSIGHTS_BATCH_JOB_UNKNOWN',
    `"${file}" holds answers of a batch job that no source describes, so its model is unknown. Keep the folder with the id of the job, and add the JSON of aws bedrock list-model-invocation-jobs; or use fetchBatchOutputs`,
  );
}

/**
 * Reads outputs of batch jobs into the table of calls. Needs the macros of bodies.
 *
 * @returns lines that hold no record.
 * @throws InsightsError for an output whose job no source describes.
 */
export async function readBatchOutputs(
  database: Database,
  { batchOutput, batchJobs }: SourceFiles,
): Promise<number> {
  if (batchOutput.length === 0) return 0;
  const jobs = await jobsOf(batchJobs);
  const about = batchOutput.map((file) => {
    const { id, arn, modelId, submitTime } = jobOfFile(file, jobs);
    const [, , , region = '', account = ''] = arn.split(':');
    return `(${[file, id, region, account, modelId, submitTime].map(sqlText).join(', ')})`;
  });
  await database.run(`CREATE TABLE batch_files AS
    SELECT * FROM (VALUES ${about.join(', ')}) jobs(filename, job, region, account, model_id, submitted)`);
  await database.run(`
    INSERT INTO calls (${CALLS_COLUMNS})
    WITH records AS (SELECT filename, from_json(json, '${RECORD}') AS r FROM read_ndjson_objects(${sqlTexts(batchOutput)},
      filename = true, ignore_errors = true, maximum_object_size = ${MOST_LINE_BYTES})),
    opened AS (SELECT filename, r.recordId AS id, r.error.errorCode AS error, r.modelOutput IS NOT NULL AS is_answered,
      try_cast(json_extract(r.modelInput, '$.requestMetadata') AS MAP(VARCHAR, VARCHAR)) AS tags,
      members_of(r.modelInput) AS request, r.modelInput AS whole, r.modelOutput AS answer, true AS is_untagged FROM records),
    described AS (${lookIntoBodies('SELECT * FROM opened')})
    SELECT 'batchOutput', filename, job || '/' || id, try_cast(submitted AS TIMESTAMPTZ)::TIMESTAMP, account, region,
      'CreateModelInvocationJob', CASE WHEN id IS NULL OR (error IS NULL AND NOT is_answered) THEN NULL ELSE model_id END,
      NULL, tags, 'batch', error, a.input, a.output, a.total, a.cache_read, a.cache_write, a.cache_write_1h, false,
      q.max_tokens, NULL, false, q.tools, q.turns, q.points, q.long_points, q.fingerprint, q.prefix,
      q.prefix_chars, q.opening, q.opening_chars, q.prompt, q.prompt_chars, 1
    FROM described JOIN batch_files USING (filename)`);
  await database.run('DROP TABLE batch_files');
  const broken = "source = 'batchOutput' AND model_id IS NULL";
  const [read] = await database.all<{ lines: bigint }>(`SELECT count(*) AS lines FROM calls WHERE ${broken}`);
  await database.run(`DELETE FROM calls WHERE ${broken}`);
  return Number(read?.lines ?? 0);
}

/**
 * Takes out records of batch jobs that the invocation log has, too, by model and request: of as many equal ones as the
 * log has. The log's id is that of a call, and no record's.
 *
 * @returns how many that were.
 */
export async function dropLoggedRecords(database: Database): Promise<number> {
  const twice = `WITH logged AS (SELECT account, region, model_id, prompt, count(*) AS times FROM calls
      WHERE source = 'invocationLog' AND tier = 'batch' AND prompt IS NOT NULL GROUP BY ALL),
    numbered AS (SELECT rowid AS id, account, region, model_id, prompt,
        row_number() OVER (PARTITION BY account, region, model_id, prompt ORDER BY request_id) AS number
      FROM calls WHERE source = 'batchOutput' AND prompt IS NOT NULL)
    SELECT id FROM numbered JOIN logged USING (account, region, model_id, prompt) WHERE number <= times`;
  const [row] = await database.all<{ records: bigint }>(`SELECT count(*) AS records FROM (${twice})`);
  const records = Number(row?.records ?? 0);
  if (records > 0) await database.run(`DELETE FROM calls WHERE rowid IN (${twice})`);
  return records;
}
