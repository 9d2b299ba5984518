/** One stage of `analyze.ts`, in a process of its own, so that its peak of memory is its own. */
import { analyzeLogs } from '@costkit/insights';
import { DuckDBInstance } from '@duckdb/node-api';

/** What one process measured of itself. */
export interface AnalyzeStage {
  readonly calls: number;
  /** Until every call is attributed and priced; of a scan, until it is summed. */
  readonly attributionMs: number;
  /** What follows it: the calls at other prices, through a prompt cache, without their repetitions. */
  readonly replayMs: number;
  readonly cpuMs: number;
  /** Of the whole process. */
  readonly peakMb: number;
}

const [stage = '', folder = '', threads = '2'] = process.argv.slice(2);

/** What attribution takes from a record itself: who called what, where and when, and how much it used. */
const ENVELOPE = `timestamp: 'TIMESTAMP', accountId: 'VARCHAR', region: 'VARCHAR', requestId: 'VARCHAR', operation: 'VARCHAR',
  modelId: 'VARCHAR', errorCode: 'VARCHAR', identity: 'STRUCT(arn VARCHAR)', requestMetadata: 'MAP(VARCHAR, VARCHAR)'`;
const COUNTS = 'inputTokenCount BIGINT, cacheReadInputTokenCount BIGINT, cacheWriteInputTokenCount BIGINT';
const SUMS = `count(*)::INTEGER AS calls, sum(input.inputTokenCount) AS input, sum(output.outputTokenCount) AS output,
  sum(input.cacheReadInputTokenCount) AS cache_read, sum(input.cacheWriteInputTokenCount) AS cache_write,
  min(timestamp) AS first, max(accountId) AS account, max(region) AS region, max(requestId) AS id,
  max(operation) AS operation, max(identity.arn) AS identity, max(requestMetadata['feature']) AS feature`;

/**
 * The raw scans: what a person who knows DuckDB would write. The types of the columns are given, so that nothing is
 * guessed, all of them are read, so that none is left out as unused, and sums are all that is made of them.
 *
 * The scan of records is what attribution is measured by: it also takes the two bodies, as JSON, because attribution
 * needs what stands in them alone: the tier, how long cache writes live, the latency, counts that the record lacks, and
 * of untagged calls the system prompt, tools and shape that tell tasks apart. The scan of counts leaves them
 * out, and could attribute tokens to models and tags and nothing more; it is shown beside it.
 */
const SCANS: Readonly<Record<string, string>> = {
  'scan of counts': `SELECT modelId, ${SUMS} FROM read_ndjson($files, columns = {${ENVELOPE},
    input: 'STRUCT(${COUNTS})', output: 'STRUCT(outputTokenCount BIGINT)'}) GROUP BY modelId`,
  'scan of records': `SELECT modelId, ${SUMS}, sum(strlen(input.inputBodyJson)) AS requests, sum(strlen(output.outputBodyJson)) AS answers
    FROM read_ndjson($files, columns = {${ENVELOPE}, input: 'STRUCT(inputBodyJson JSON, ${COUNTS})',
    output: 'STRUCT(outputBodyJson JSON, outputTokenCount BIGINT)'}) GROUP BY modelId`,
};

/** Steps of an analysis that come before it looks for what to cut. */
const ATTRIBUTION = new Set(['files', 'records', 'prices', 'attribution']);

async function scan(sql: string): Promise<Pick<AnalyzeStage, 'calls' | 'replayMs'>> {
  // As an analysis opens it.
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1024MB', threads });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'; SET preserve_insertion_order = false");
  const rows = (
    await connection.runAndReadAll(sql.replace('$files', `'${folder}/**/*.json.gz'`))
  ).getRowObjectsJS();
  return { calls: rows.reduce((sum, { calls }) => sum + Number(calls), 0), replayMs: 0 };
}

async function analyze(beganAt: number): Promise<Pick<AnalyzeStage, 'calls' | 'replayMs'>> {
  let attributedAt = beganAt;
  const onProgress = (doing: string): void => {
    if (attributedAt === beganAt && !ATTRIBUTION.has(doing)) attributedAt = performance.now();
  };
  const { calls } = await analyzeLogs({ source: folder, threads: Number(threads), onProgress });
  return { calls, replayMs: performance.now() - attributedAt };
}

const beganAt = performance.now();
const sql = SCANS[stage];
const measured = sql === undefined ? await analyze(beganAt) : await scan(sql);
const tookMs = performance.now() - beganAt;
const { user, system } = process.cpuUsage();
const result: AnalyzeStage = {
  ...measured,
  attributionMs: tookMs - measured.replayMs,
  cpuMs: (user + system) / 1_000,
  peakMb: process.resourceUsage().maxRSS / 1_024,
};
process.stdout.write(JSON.stringify(result));
process.exit(0);
