import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '@costkit/core/temporary-folder';
import { type AwsClients, accountOf, awsClients } from '../aws-clients.js';
import { CliUsageError } from '../cli-error.js';

/** Which days are fetched, and where to. */
export interface FetchSettings {
  readonly days: number;
  readonly nowMs: number;
  /** Folder that keeps what was fetched. */
  readonly save?: string;
}

/** Sources that are files, and what deletes those that were fetched. */
export interface FetchedSources {
  readonly sources: readonly string[];
  dispose(): Promise<void>;
}

const DAY_MS = 86_400_000;
const METRICS = 'cloudwatch:';
const JOBS = 'batch-jobs:';
const COSTS = 'cost-explorer:';

/** Whether a source is asked for, and not read. */
const isFetched = (source: string): boolean => [METRICS, JOBS, COSTS].some((kind) => source.startsWith(kind));

function regionsOf(source: string): readonly string[] {
  const [kind = ''] = source.split(':');
  const regions = source.slice(kind.length + 1).split(',');
  const wrong = regions.find((region) => !/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(region));
  if (wrong === undefined) return regions;
  throw new CliUsageError(
    `"${wrong}" of "${source}" is no Region. Write ${kind}:us-east-1,eu-west-1`,
    'COSTKIT_INVALID_OPTION',
  );
}

async function fetchMetrics(
  source: string,
  folder: string,
  { days, nowMs }: FetchSettings,
  clients: AwsClients,
): Promise<string> {
  const regions = regionsOf(source);
  const [first = ''] = regions;
  const [{ fetchBedrockMetrics }, account] = await Promise.all([
    import('@costkit/insights/aws'),
    accountOf(clients, first),
  ]);
  const file = join(folder, `metrics-${account.id}-${regions.join('-')}.jsonl`);
  const entries = await Promise.all(
    regions.map(async (region) => [region, await clients.cloudWatch(region)] as const),
  );
  await fetchBedrockMetrics({
    clients: Object.fromEntries(entries),
    file,
    from: new Date(nowMs - days * DAY_MS),
    to: new Date(nowMs),
    account: account.id,
  });
  return file;
}

async function fetchJobs(
  source: string,
  folder: string,
  { days, nowMs }: FetchSettings,
  clients: AwsClients,
): Promise<string> {
  const [{ fetchBatchOutputs }, { S3Client }] = await Promise.all([
    import('@costkit/insights/aws'),
    import('@aws-sdk/client-s3'),
  ]);
  const jobs = join(folder, 'batch-jobs');
  for (const region of regionsOf(source)) {
    await fetchBatchOutputs({
      bedrock: await clients.bedrock(region),
      s3: new S3Client({ region }),
      folder: join(jobs, region),
      from: new Date(nowMs - days * DAY_MS),
      to: new Date(nowMs),
    });
  }
  return jobs;
}

async function fetchBill(
  folder: string,
  { days, nowMs }: FetchSettings,
  clients: AwsClients,
): Promise<string> {
  const { fetchCosts } = await import('@costkit/insights/aws');
  const file = join(folder, 'cost-explorer.json');
  const today = Math.floor(nowMs / DAY_MS) * DAY_MS;
  await fetchCosts({
    client: await clients.costExplorer(),
    file,
    from: new Date(today - days * DAY_MS),
    to: new Date(today),
  });
  return file;
}

function fetchSource(
  source: string,
  folder: string,
  settings: FetchSettings,
  clients: AwsClients,
): Promise<string> {
  if (source.startsWith(METRICS)) return fetchMetrics(source, folder, settings, clients);
  if (source.startsWith(JOBS)) return fetchJobs(source, folder, settings, clients);
  return source.startsWith(COSTS) ? fetchBill(folder, settings, clients) : Promise.resolve(source);
}

/**
 * Fetches sources that are `cloudwatch:<regions>`, `batch-jobs:<regions>` or `cost-explorer:`, and leaves others as they are.
 *
 * @throws `CliUsageError` for what is no Region. Errors of the SDK pass as they are.
 */
export async function fetchSources(
  sources: readonly string[],
  settings: FetchSettings,
): Promise<FetchedSources> {
  if (!sources.some(isFetched)) return { sources, dispose: async () => undefined };
  const { save } = settings;
  if (save !== undefined) await mkdir(save, { recursive: true });
  const { path, remove: dispose }: TemporaryFolder =
    save === undefined ? await temporaryFolder() : { path: save, remove: async () => undefined };
  try {
    const files: string[] = [];
    const clients = awsClients();
    for (const source of sources) {
      files.push(await fetchSource(source, path, settings, clients));
    }
    return { sources: files, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
