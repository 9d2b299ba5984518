import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkOptions, InvalidOptionError, isText } from '@costkit/core';
import { copyPrefix } from '../sources/download-prefix.js';
import { type AwsClientLike, isClient, isDate } from './client-like.js';

/** What {@link fetchBatchOutputs} takes. */
export interface FetchBatchOutputsOptions {
  /** A `BedrockClient` of the Region whose jobs are wanted. */
  readonly bedrock: AwsClientLike;
  /** An `S3Client` that may read their outputs. */
  readonly s3: AwsClientLike;
  /** Where to write the list of jobs and their outputs; created where it is missing. */
  readonly folder: string;
  /** Jobs submitted after this. */
  readonly from: Date;
  /** Jobs submitted before this. */
  readonly to: Date;
}

interface JobSummary {
  readonly jobArn?: string;
  readonly modelId?: string;
  readonly status?: string;
  readonly submitTime?: Date;
  readonly outputDataConfig?: { readonly s3OutputDataConfig?: { readonly s3Uri?: string } };
}

interface JobsPage {
  readonly invocationJobSummaries?: readonly JobSummary[];
  readonly nextToken?: string;
}

function checkFetchOptions(options: FetchBatchOutputsOptions): void {
  checkOptions<FetchBatchOutputsOptions>('insights', options, {
    bedrock: isClient,
    s3: isClient,
    folder: isText,
    from: isDate,
    to: isDate,
  });
  for (const name of ['bedrock', 's3', 'folder', 'from', 'to'] as const) {
    if (options[name] === undefined) throw new InvalidOptionError('insights', name, 'is missing');
  }
  if (options.from >= options.to) throw new InvalidOptionError('insights', 'to', 'must be after from');
}

async function listJobs({ bedrock, from, to }: FetchBatchOutputsOptions): Promise<readonly JobSummary[]> {
  const { ListModelInvocationJobsCommand } = await import('@aws-sdk/client-bedrock');
  const jobs: JobSummary[] = [];
  let token: string | undefined;
  do {
    const page: JobsPage = await bedrock.send(
      new ListModelInvocationJobsCommand({
        submitTimeAfter: from,
        submitTimeBefore: to,
        ...(token === undefined ? {} : { nextToken: token }),
      }),
    );
    jobs.push(...(page.invocationJobSummaries ?? []));
    token = page.nextToken;
  } while (token !== undefined);
  return jobs;
}

/**
 * Copies the outputs of a Region's batch jobs into a folder that `analyzeLogs` takes as a source, with the list of the
 * jobs, which says what their outputs do not: model, Region and time. It needs `bedrock:ListModelInvocationJobs`, and
 * `s3:ListBucket` and `s3:GetObject` on the outputs. Jobs without an output, such as failed ones, are left out.
 *
 * The outputs hold requests and answers: delete the folder when the analysis is done.
 *
 * @returns how many jobs had an output.
 * @throws `InvalidOptionError` for options that are unknown or wrong. Errors of the SDK pass as they are.
 *
 * @example
 * ```ts
 * await fetchBatchOutputs({ bedrock: new BedrockClient({}), s3: new S3Client({}), folder: 'jobs', from: new Date('2026-10-01'), to: new Date('2026-11-01') });
 * ```
 */
export async function fetchBatchOutputs(options: FetchBatchOutputsOptions): Promise<number> {
  checkFetchOptions(options);
  const { s3, folder } = options;
  await mkdir(folder, { recursive: true });
  const jobs: JobSummary[] = [];
  for (const job of await listJobs(options)) {
    const id = job.jobArn?.split('/').at(-1);
    const output = job.outputDataConfig?.s3OutputDataConfig?.s3Uri;
    if (id === undefined || output === undefined) continue;
    const prefix = `${output.replace(/\/$/, '')}/${id}/`;
    if ((await copyPrefix(prefix, s3, folder, (key) => key.endsWith('.jsonl.out'))) > 0) jobs.push(job);
  }
  const invocationJobSummaries = jobs.map(({ jobArn, modelId, status, submitTime }) => ({
    jobArn,
    modelId,
    status,
    submitTime,
  }));
  const region = jobs[0]?.jobArn?.split(':')[3] ?? 'none';
  await writeFile(join(folder, `jobs-${region}.json`), JSON.stringify({ invocationJobSummaries }));
  return jobs.length;
}
