import { stderr, stdout } from 'node:process';
import { CostkitError } from '@costkit/core';
import type { SyncOptions, SyncPlan, SyncProgress } from '@costkit/embeddings';
import { CliUsageError, EXIT_CODES } from '../cli-error.js';
import { progressLine } from '../progress-line.js';
import type { EmbedOptions } from './embed-options.js';
import { type OpenedStore, openStore } from './embed-store.js';
import { renderPlan, renderReport } from './render-sync.js';

function countOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new CliUsageError(`--${option} "${text}" is no whole number above 0`, 'COSTKIT_INVALID_OPTION');
}

const given = <Name extends string, Value>(name: Name, value: Value | undefined): { [N in Name]?: Value } =>
  (value === undefined ? {} : { [name]: value }) as { [N in Name]?: Value };

async function syncOptions(folder: string, options: EmbedOptions, store: OpenedStore): Promise<SyncOptions> {
  const chunkTokens = countOf('chunk-tokens', options.chunkTokens);
  const counts = {
    ...given('dimensions', countOf('dimensions', options.dimensions)),
    ...given('concurrency', countOf('concurrency', options.concurrency)),
    ...given('bulkFrom', countOf('bulk-from', options.bulkFrom)),
    ...given('chunk', chunkTokens === undefined ? undefined : { maxTokens: chunkTokens }),
  };
  const [{ BedrockRuntimeClient }, { bulkJobs }, { folderSource }, { readQueries }] = await Promise.all([
    import('@aws-sdk/client-bedrock-runtime'),
    import('./bulk-jobs.js'),
    import('./folder-source.js'),
    import('./read-queries.js'),
  ]);
  const extensions = options.ext?.split(',').map((extension) => extension.trim());
  return {
    client: new BedrockRuntimeClient(given('region', options.region)),
    source: () => folderSource(folder, extensions),
    model: options.model,
    sink: store.sink,
    ...counts,
    ...given('maxUsd', options.maxUsd),
    ...given('migrate', options.migrate),
    ...given('allowEmpty', options.allowEmpty),
    ...given('bulk', await bulkJobs(options, store.journal)),
    ...given('queries', options.queries === undefined ? undefined : await readQueries(options.queries)),
  };
}

const hasWork = ({ embed, reused, duplicates, deleted }: SyncPlan): boolean =>
  embed.texts + reused + duplicates + deleted > 0;

const DOING: Readonly<Record<SyncProgress['phase'], string>> = {
  wait: 'waiting for another sync',
  resume: 'reading the answers of earlier jobs',
  read: 'documents read',
  place: 'chunks placed',
  bulk: 'texts embedded by batch jobs',
  embed: 'texts embedded',
  delete: 'chunks deleted',
};

async function embedInto(store: OpenedStore, folder: string, options: EmbedOptions): Promise<void> {
  const { planSync, syncEmbeddings } = await import('@costkit/embeddings');
  const sync = await syncOptions(folder, options, store);
  const isJson = options.json === true;
  const show = (result: object, text: string): void => {
    stdout.write(isJson ? `${JSON.stringify(result, null, 2)}\n` : `${text}\n`);
  };
  if (options.dryRun === true) {
    const plan = await planSync(sync);
    show(plan, `${renderPlan(plan)}\nNothing was embedded.`);
    if (hasWork(plan)) process.exitCode = EXIT_CODES.changed;
    return;
  }
  const progress = await progressLine(1, isJson);
  const report = await syncEmbeddings({
    ...sync,
    onProgress: ({ phase, done, total, cost }) => {
      progress.at(done, total ?? done, `${DOING[phase]}, ${cost ?? 'unknown cost'} so far`);
    },
  }).finally(() => progress.end());
  show(report, renderReport(report));
}

/** Brings a store in step with a folder; one line for what AWS or PostgreSQL refuses. */
export async function embedFolder(folder: string, options: EmbedOptions): Promise<void> {
  const store = await openStore(options);
  try {
    await embedInto(store, folder, options);
  } catch (error) {
    const refusal = refusalOf(error, store.name, options.postgres !== undefined);
    if (refusal === undefined) throw error;
    stderr.write(`costkit: ${refusal} What was paid stands in ${store.name}.\n`);
    process.exitCode = EXIT_CODES.failed;
  } finally {
    await store.close();
  }
}

function refusalOf(error: unknown, store: string, isPostgres: boolean): string | undefined {
  if (CostkitError.isInstance(error) || !(error instanceof Error)) return undefined;
  const { name, $metadata, code } = error as Error & { $metadata?: unknown; code?: unknown };
  const message = sentence(error);
  // What the SDK throws where nothing names a Region, a plain error without a code.
  if (message === 'Region is missing.') return 'no AWS Region is set. Give --region, or set AWS_REGION.';
  if ($metadata !== undefined || name === 'CredentialsProviderError')
    return `AWS refused (${name}): ${message} \`costkit doctor\` says what is missing.`;
  // What `pg` throws has a code, of the database or of the connection.
  if (isPostgres && typeof code === 'string')
    return `PostgreSQL cannot be used for ${store} (${code}): ${message}`;
  return undefined;
}

/** A name with several addresses fails once for each. */
function sentence(error: Error): string {
  const [first] = error instanceof AggregateError ? (error.errors as Error[]) : [error];
  const message = first?.message ?? error.message;
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
