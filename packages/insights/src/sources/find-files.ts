import { open, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { METRICS_LINE } from '../aws/metrics-hour.js';
import { InsightsError } from '../errors.js';
import { AGGREGATES_HEADER } from './read-aggregates.js';
import { CALL_ROWS_HEADER } from './read-call-rows.js';

/** What a file holds. */
type FileKind =
  /** Bedrock's invocation log, one record a line. */
  | 'invocationLog'
  /** The same with a time in front of each line: an export of a log group of CloudWatch. */
  | 'timedLog'
  /** `aws logs filter-log-events`: one document, whose events hold the records as text. */
  | 'logEvents'
  /** Bodies of the invocation log that are too large for a record. */
  | 'body'
  /** Answers of a batch job. */
  | 'batchOutput'
  /** Batch jobs as `ListModelInvocationJobs` has them. */
  | 'batchJobs'
  /** costkit's own ledger. */
  | 'ledger'
  /** Hours of `AWS/Bedrock` metrics, as `fetchBedrockMetrics` writes them. */
  | 'metrics'
  /** Results of `src/athena/attribution.sql`. */
  | 'aggregates'
  /** Results of `src/athena/calls.sql`. */
  | 'callRows'
  /** Lines of a bill: CUR 2.0 or FOCUS. */
  | 'bill'
  /** Answers of Cost Explorer's `GetCostAndUsage`. */
  | 'costs';

/** The files of a source by what they hold. */
export type SourceFiles = Readonly<Record<FileKind, readonly string[]>>;

const HEAD_BYTES = 65_536;
/** Bedrock writes one such object to see whether it may. */
const PERMISSION_CHECK = 'amazon-bedrock-logs-permission-check';
/** Bodies above 100 KB: `…/data/<request id>_input.json.gz`. */
const BODY = /_(?:input|output)\.json(?:\.gz)?$/;
const READABLE = /\.(?:jsonl?|ndjson|log|txt|csv|parquet)(?:\.gz)?$|\.gz$|\.jsonl\.out$/;

const unreadable = (path: string) => (cause: unknown) => {
  throw new InsightsError(
    'COSTKIT_INSIGHTS_SOURCE_MISSING',
    `"${path}" cannot be read. Give a folder or file of logs, or s3://bucket/prefix`,
    { cause },
  );
};

async function filesBelow(path: string): Promise<string[]> {
  const about = await stat(path).catch(unreadable(path));
  if (!about.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(unreadable(path));
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !basename(file).includes(PERMISSION_CHECK) && READABLE.test(file))
    .sort();
}

/** The beginning of a file, as it is. */
async function bytesOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The beginning of a file, unpacked. @throws InsightsError for a file that cannot be read: its dollars would be missing. */
async function headOf(path: string): Promise<string> {
  const bytes = await bytesOf(path).catch(unreadable(path));
  if (!path.endsWith('.gz')) return String(bytes);
  let head = '';
  try {
    for await (const chunk of Readable.from([bytes]).pipe(createGunzip())) {
      head += String(chunk);
      if (head.length >= HEAD_BYTES) break;
    }
  } catch {
    // The end of what was read is no end of a gzip stream; what came before it counts.
  }
  return head;
}

function kindOfText(head: string): FileKind | undefined {
  const text = head.replace(/^\uFEFF/, '').trimStart();
  const [line = ''] = text.split('\n', 1);
  // Records in an array are no lines: all of them would be one that is broken.
  if (/^\[\s*\{/.test(text)) return undefined;
  if (/^\{\s*"(?:events|searchedLogStreams)"/.test(text)) return 'logEvents';
  if (/^\{\s*"invocationJobSummaries"/.test(text)) return 'batchJobs';
  if (/^\{\s*"(?:GroupDefinitions|ResultsByTime)"/.test(text)) return 'costs';
  if (AGGREGATES_HEADER.test(line)) return 'aggregates';
  if (CALL_ROWS_HEADER.test(line)) return 'callRows';
  if (line.startsWith(METRICS_LINE)) return 'metrics';
  // Before the log, whose members a receipt has, too.
  if (/^\{"format":1,"id":/.test(line) && /"attempts":/.test(head)) return 'ledger';
  if (/"requestId"\s*:/.test(line) && /"operation"\s*:/.test(line)) {
    return line.startsWith('{') ? 'invocationLog' : 'timedLog';
  }
  if (/line_item_usage_type|lineItem\/UsageType|\bBilledCost\b/.test(line)) return 'bill';
  return undefined;
}

async function kindOf(path: string): Promise<FileKind | undefined> {
  const isData = path.includes(`${sep}data${sep}`);
  if (isData && BODY.test(path)) return 'body';
  // Bedrock's own layout says what a file is: years of five-minute files are not opened one by one.
  if (path.includes(`${sep}BedrockModelInvocationLogs${sep}`)) return isData ? undefined : 'invocationLog';
  if (path.endsWith('.jsonl.out')) return 'batchOutput';
  if (path.endsWith('.parquet')) return 'bill';
  return kindOfText(await headOf(path));
}

/**
 * Finds the files of a source, and says of each what it holds by looking at its beginning.
 *
 * @throws InsightsError when the source cannot be read, or holds nothing that is known.
 */
export async function findFiles(path: string): Promise<SourceFiles> {
  const files: Record<FileKind, string[]> = {
    invocationLog: [],
    timedLog: [],
    logEvents: [],
    body: [],
    batchOutput: [],
    batchJobs: [],
    ledger: [],
    metrics: [],
    aggregates: [],
    callRows: [],
    bill: [],
    costs: [],
  };
  for (const file of await filesBelow(path)) {
    const kind = await kindOf(file);
    if (kind !== undefined) files[kind].push(file);
  }
  if (Object.values(files).every((some) => some.length === 0)) {
    throw new InsightsError(
      'COSTKIT_INSIGHTS_SOURCE_UNKNOWN',
      `"${path}" holds no invocation log, batch output, ledger, metrics or bill. Give the folder or prefix that Bedrock's model-invocation logging writes to, or a ledger of jsonlSink`,
    );
  }
  return files;
}

/** The files of several sources. One that is named twice, or beside its folder, counts once: lines of a bill have no id. */
export function filesTogether(found: readonly SourceFiles[]): SourceFiles {
  const once = (files: readonly string[]): readonly string[] => [
    ...new Map(files.map((file) => [resolve(file), file])).values(),
  ];
  return Object.fromEntries(
    Object.keys(found[0] ?? {}).map((kind) => [
      kind,
      once(found.flatMap((files) => files[kind as keyof SourceFiles])),
    ]),
  ) as unknown as SourceFiles;
}
