import process, { stderr, stdout } from 'node:process';
import type { Batch, BatchOptions, BatchProgress, BatchResult } from '@costkit/batch';
import { CliUsageError, EXIT_CODES } from '../cli-error.js';
import { type Leaving, leaveOnInterrupt } from '../leave-on-interrupt.js';
import { numberOf } from '../number-option.js';
import { checkWritable } from '../output-file.js';
import type { BatchSummary } from './write-results.js';

interface FileOptions {
  readonly model: string;
  readonly prompt?: string;
  readonly system?: string;
  readonly id?: string;
  readonly maxTokens?: string;
  readonly region?: string;
  readonly json?: boolean;
}

interface RunOptions {
  readonly out?: string;
  readonly onDemand?: boolean;
  readonly inOrder?: boolean;
  readonly retries?: string;
  readonly pollSeconds?: string;
}

interface NewRunOptions extends FileOptions, RunOptions {
  readonly bucket: string;
  readonly role: string;
  readonly prefix?: string;
  readonly journal?: string;
  readonly maxUsd?: string;
  readonly deadline?: string;
  readonly merge?: boolean;
}

interface JournalOptions extends Partial<RunOptions> {
  readonly region?: string;
  readonly json?: boolean;
}

/** As the SDK would, from the environment. */
async function clients({ region }: { readonly region?: string }) {
  const [{ BedrockClient }, { S3Client }, { BedrockRuntimeClient }] = await Promise.all([
    import('@aws-sdk/client-bedrock'),
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/client-bedrock-runtime'),
  ]);
  const at = region === undefined ? {} : { region };
  return {
    bedrock: new BedrockClient(at),
    s3: new S3Client(at),
    runtime: () => new BedrockRuntimeClient(at),
  };
}

async function sourceOf(file: string, options: FileOptions) {
  const { readBatchFile } = await import('./batch-file.js');
  const { prompt, system, id } = options;
  const maxTokens = numberOf('max-tokens', options.maxTokens);
  if (maxTokens !== undefined && !(Number.isSafeInteger(maxTokens) && maxTokens > 0)) {
    throw new CliUsageError(
      `--max-tokens "${options.maxTokens}" is no whole number above 0`,
      'COSTKIT_INVALID_OPTION',
    );
  }
  return readBatchFile(file, {
    ...(prompt === undefined ? {} : { prompt }),
    ...(system === undefined ? {} : { system }),
    ...(id === undefined ? {} : { id }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
  });
}

/** What a run takes besides the batch itself. */
function runSettings(
  { onDemand, inOrder, retries, pollSeconds }: Partial<RunOptions>,
  runtime: () => NonNullable<BatchOptions['onDemand']>,
): Partial<BatchOptions> {
  const [most, seconds] = [numberOf('retries', retries), numberOf('poll-seconds', pollSeconds)];
  return {
    ...(onDemand === true ? { onDemand: runtime() } : {}),
    ...(inOrder === true ? { order: 'input' as const } : {}),
    ...(most === undefined ? {} : { retries: most }),
    ...(seconds === undefined ? {} : { pollMs: Math.round(seconds * 1_000) }),
  };
}

/** Shows what a file would cost, as a batch and by other ways. */
export async function priceBatch(file: string, options: FileOptions): Promise<void> {
  const [{ createBatch }, { forecastJson, renderBatchForecast }] = await Promise.all([
    import('@costkit/batch'),
    import('./render-batch.js'),
  ]);
  const { bedrock, s3, runtime } = await clients(options);
  const batch = createBatch({
    bedrock,
    s3,
    // A forecast needs no bucket, no role, and no model that takes jobs.
    bucket: 'unused',
    roleArn: 'arn:aws:iam::000000000000:role/unused',
    onDemand: runtime(),
    model: options.model,
    source: await sourceOf(file, options),
  });
  const forecast = await batch.forecast();
  const json = options.json === true;
  stdout.write(
    json
      ? `${JSON.stringify(forecastJson(forecast), null, 2)}\n`
      : `${renderBatchForecast(forecast, options.model)}\n`,
  );
}

/** Runs a file, or goes on with it. */
export async function runBatch(file: string, options: NewRunOptions): Promise<void> {
  const out = options.out ?? resultsOf(file);
  await checkWritable(out);
  const { createBatch } = await import('@costkit/batch');
  const { openJournal } = await import('./batch-journal.js');
  const { bedrock, s3, runtime } = await clients(options);
  const journal = options.journal ?? `${file}.journal`;
  const deadline = options.deadline === undefined ? undefined : new Date(options.deadline);
  const progress = await progressOf(options.json === true);
  const leaving = leaveOnInterrupt();
  const batch = createBatch({
    signal: leaving.signal,
    bedrock,
    s3,
    bucket: options.bucket,
    roleArn: options.role,
    model: options.model,
    source: await sourceOf(file, options),
    journal: await openJournal(journal, s3),
    onProgress: progress.tell,
    ...(options.prefix === undefined ? {} : { prefix: options.prefix }),
    ...(options.maxUsd === undefined ? {} : { maxUsd: options.maxUsd }),
    ...(deadline === undefined ? {} : { deadline }),
    ...(options.merge === true ? { mergeIdentical: true } : {}),
    ...runSettings(options, runtime),
  });
  stderr.write(`Journal: ${journal}\n`);
  const { json = false } = options;
  await finish(batch.run(), { journal, out, json, leaving, end: progress.end });
}

/** Where results go that nobody has named a file for; `resume` finds the same from the journal of a file. */
const resultsOf = (file: string): string => `${file}.results.jsonl`;

/** The batch of a journal, without its records. */
async function batchOf(
  name: string,
  options: JournalOptions,
  more: Partial<BatchOptions> = {},
): Promise<Batch> {
  const [{ createBatch }, { begunBatch, openJournal }] = await Promise.all([
    import('@costkit/batch'),
    import('./batch-journal.js'),
  ]);
  const { bedrock, s3, runtime } = await clients(options);
  const journal = await openJournal(name, s3);
  const { model, bucket, folder, roleArn } = await begunBatch(journal, name);
  return createBatch({
    bedrock,
    s3,
    bucket,
    roleArn,
    model,
    journal,
    prefix: folder,
    ...more,
    ...runSettings({ ...options, onDemand: options.onDemand ?? true }, runtime),
  });
}

/** Goes on with the batch of a journal, whose records are all staged. */
export async function resumeBatch(journal: string, options: JournalOptions & RunOptions): Promise<void> {
  const out = options.out ?? resultsOf(basenameOf(journal));
  await checkWritable(out);
  const json = options.json === true;
  const progress = await progressOf(json);
  const leaving = leaveOnInterrupt();
  const batch = await batchOf(
    journal,
    { ...options, onDemand: options.onDemand === true },
    { onProgress: progress.tell, signal: leaving.signal },
  );
  await finish(batch.resume(), { journal, out, json, leaving, end: progress.end });
}

/** The file of a journal that stands beside it; of one in S3 the last part of its name. */
const basenameOf = (journal: string): string =>
  (journal.startsWith('s3://')
    ? (journal.split('/').findLast((part) => part !== '') ?? '')
    : journal
  ).replace(/\.journal$/, '');

/** What a run leaves behind. */
interface RunEnd {
  readonly journal: string;
  readonly out: string;
  readonly json: boolean;
  readonly leaving: Leaving;
  /** Of the progress bar. */
  readonly end: () => void;
}

async function finish(
  results: AsyncIterable<BatchResult>,
  { journal, out, json, leaving, end }: RunEnd,
): Promise<void> {
  const { writeResults } = await import('./write-results.js');
  const { summary, file, error } = await writeResults(results, out).finally(() => {
    end();
    leaving.end();
  });
  if (file !== undefined) {
    stdout.write(
      json ? `${JSON.stringify({ ...summary, out: file }, null, 2)}\n` : `${summaryLine(summary, file)}\n`,
    );
  }
  if (leaving.signal.aborted) {
    stderr.write(
      `costkit: interrupted. Jobs that were begun go on, and are paid: the same command reads them, \`costkit batch stop ${journal}\` stops them.\n`,
    );
    process.exitCode = EXIT_CODES.interrupted;
    return;
  }
  if (error !== undefined) throw error;
  if (summary.failed > 0) process.exitCode = EXIT_CODES.failed;
}

function summaryLine({ answered, failed, reasons, usd, savedUsd }: BatchSummary, file: string): string {
  const price = usd === null ? 'an unknown price' : `$${usd}`;
  const saved = savedUsd === null ? '' : `, $${savedUsd} less than on demand`;
  const why = Object.entries(reasons).map(([reason, count]) => `${count} ${reason}`);
  return `${answered} answered for ${price}${saved}; ${failed} failed${why.length === 0 ? '' : ` (${why.join(', ')})`}: ${file}`;
}

async function progressOf(quiet: boolean) {
  const { progressLine } = await import('../progress-line.js');
  const line = await progressLine(1, quiet);
  let processed = 0;
  return {
    tell: ({ status, batch }: BatchProgress): void => {
      line.expect(batch.records);
      const rate = batch.recordsPerSecond.toFixed(1);
      const left =
        batch.remainingMs === undefined ? '' : `, ${Math.ceil(batch.remainingMs / 60_000)} min left`;
      const doing = `${status}, ${rate} a second${left}, ${batch.spent} so far`;
      for (; processed < batch.processedRecords; processed += 1) line.begin(doing);
    },
    end: line.end,
  };
}

/** Shows how far the batch of a journal is. */
export async function statusOfBatch(journal: string, options: JournalOptions): Promise<void> {
  const { renderBatchStatus } = await import('./render-batch.js');
  const found = await (await batchOf(journal, options)).status();
  stdout.write(`${options.json === true ? JSON.stringify(found, null, 2) : renderBatchStatus(found)}\n`);
}

/** Stops the jobs of the batch of a journal. */
export async function stopBatch(journal: string, options: JournalOptions): Promise<void> {
  const stopped = await (await batchOf(journal, options)).stop();
  const text = stopped.length === 0 ? 'No job runs.' : `Stopped: ${stopped.join(', ')}`;
  stdout.write(`${options.json === true ? JSON.stringify({ stopped }, null, 2) : text}\n`);
}
