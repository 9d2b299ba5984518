import { createHash, randomUUID } from 'node:crypto';
import { DEFAULT_TIMEOUT_HOURS } from './constants.js';
import { BatchError } from './errors.js';
import { folderOf, hasFailed, type Job, type OpenJob, outputFolder } from './job.js';
import type { JournalEntry } from './journal.js';
import { type JournalledJob, journalledJobs } from './journal-steps.js';
import type { Shard } from './shard-records.js';

type Staged = Extract<JournalEntry, { step: 'staged' }>;

/** Same model, same place, same records: the same job, should the journal know it. */
function digestOf({ model, recordType, options }: Job, shard: Shard): string {
  const about = [model, recordType, options.bucket, folderOf(options), options.roleArn, options.timeoutHours];
  const hash = createHash('sha256').update(`${JSON.stringify(about)}\n`);
  for (const { line } of shard.records) hash.update(line);
  return hash.digest('hex').slice(0, 40);
}

/** Writes a shard to the bucket, in parts. */
async function stage(
  { options, model, recordType, journal }: Job,
  shard: Shard,
  digest: string,
): Promise<Staged> {
  const [{ Upload }, { Readable }] = await Promise.all([
    import('@aws-sdk/lib-storage'),
    import('node:stream'),
  ]);
  const key = `${folderOf(options)}/input/${digest}.jsonl`;
  const upload = new Upload({
    // Structural on purpose (see S3ClientLike); the library names the class of its own SDK copy.
    client: options.s3 as never,
    params: {
      Bucket: options.bucket,
      Key: key,
      Body: Readable.from(shard.records.map(({ line }) => line)),
      ContentType: 'application/jsonl',
    },
  });
  await upload.done().catch((error: Error) => {
    if (error.name !== 'NoSuchBucket') throw error;
    throw new BatchError(
      'COSTKIT_BATCH_BUCKET_MISSING',
      `the bucket "${options.bucket}" does not exist. Create it in the Region of the job`,
      { cause: error },
    );
  });
  const staged: Staged = {
    step: 'staged',
    // Not of the records: a batch that is run anew, or again after a failure, is another job.
    token: randomUUID(),
    digest,
    key,
    model,
    recordType,
    records: shard.records.length,
  };
  await journal.append(staged);
  return staged;
}

/** Creates the job of a staged shard. With the same token twice it is created once. */
async function create({ options, journal }: Job, staged: Staged): Promise<string> {
  const { CreateModelInvocationJobCommand } = await import('@aws-sdk/client-bedrock');
  const { bucket, roleArn, timeoutHours = DEFAULT_TIMEOUT_HOURS } = options;
  const { jobArn } = (await options.bedrock.send(
    new CreateModelInvocationJobCommand({
      jobName: `costkit-${staged.token}`,
      clientRequestToken: staged.token,
      roleArn,
      modelId: staged.model,
      modelInvocationType: staged.recordType,
      inputDataConfig: {
        s3InputDataConfig: { s3Uri: `s3://${bucket}/${staged.key}`, s3InputFormat: 'JSONL' },
      },
      outputDataConfig: {
        s3OutputDataConfig: { s3Uri: `s3://${bucket}/${outputFolder(options, staged.token)}` },
      },
      timeoutDurationInHours: timeoutHours,
    }),
  )) as { jobArn: string };
  await journal.append({ step: 'created', token: staged.token, jobArn });
  return jobArn;
}

const failed = ({ status }: JournalledJob): boolean => status !== undefined && hasFailed(status);

async function find(job: Job, digest: string): Promise<JournalledJob | undefined> {
  return (await journalledJobs(job.journal)).findLast((one) => one.staged.digest === digest && !failed(one));
}

/** Takes a shard to a job that the service has accepted; steps that the journal holds are not taken again. */
export async function openJob(job: Job, shard: Shard): Promise<OpenJob> {
  const digest = digestOf(job, shard);
  const known = await find(job, digest);
  return resumeJob(
    job,
    known ?? { staged: await stage(job, shard, digest), jobArn: undefined, status: undefined },
  );
}

/** The shards for which a new job would be paid. */
export async function newShards(job: Job, shards: readonly Shard[]): Promise<readonly Shard[]> {
  const known = await Promise.all(shards.map((shard) => find(job, digestOf(job, shard))));
  return shards.filter((_, index) => known[index] === undefined);
}

/** Goes on with a job that the journal knows. */
export async function resumeJob(job: Job, { staged, jobArn, status }: JournalledJob): Promise<OpenJob> {
  const { token, key, records } = staged;
  return { jobArn: jobArn ?? (await create(job, staged)), token, key, records, status };
}

/** The jobs of a journal that can still answer; of several for the same records the last one. */
export async function unfinishedJobs({ journal }: Job): Promise<readonly JournalledJob[]> {
  const jobs = (await journalledJobs(journal)).filter((one) => !failed(one));
  return [...new Map(jobs.map((one) => [one.staged.digest, one])).values()];
}
