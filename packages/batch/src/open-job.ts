import type { KnownShard } from './batch-log.js';
import type { BatchPlan } from './batch-plan.js';
import { DEFAULT_POLL_MS, DEFAULT_TIMEOUT_HOURS } from './constants.js';
import { outputFolder } from './job.js';
import type { StagedShard } from './journal.js';
import { retried } from './retry-look.js';

/** Unique, and the same after a crash: by it a job is found again whose ARN got lost (R45). */
const jobName = ({ token }: StagedShard): string => `costkit-${token}`;

/** Other jobs have kept this one waiting until the deadline was near. */
const isTooLate = ({ clock, stopAtMs }: BatchPlan): boolean => clock.now() >= stopAtMs;

/**
 * Takes a staged shard to a job that the service has accepted. Where it may have been created before, by a process that
 * died before it could write that down, it is looked for first: the service's own memory of request tokens is finite.
 *
 * @returns its ARN; `undefined`: it is too late for a job, or none is to be begun.
 */
export async function openJob(
  plan: BatchPlan,
  shard: KnownShard,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (shard.jobArn !== undefined) return shard.jobArn;
  const { staged } = shard;
  const before = shard.creating || plan.isNamed ? await findJob(plan, staged, signal) : undefined;
  // What is not there was refused, or its process died before it asked.
  if (before === undefined && (plan.beginsNone === true || isTooLate(plan))) return undefined;
  if (before === undefined) await plan.retryBudget?.hold();
  if (before === undefined && !shard.creating)
    await plan.log.append({ step: 'creating', token: staged.token });
  const jobArn = before ?? (await createJob(plan, staged, signal));
  if (jobArn === undefined) return undefined;
  await plan.log.append({ step: 'created', token: staged.token, jobArn });
  return jobArn;
}

/** A job of our name; none other has it. */
async function findJob(
  { options, clock }: BatchPlan,
  staged: StagedShard,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { ListModelInvocationJobsCommand } = await import('@aws-sdk/client-bedrock');
  let nextToken: string | undefined;
  do {
    const command = new ListModelInvocationJobsCommand({ nameContains: jobName(staged), nextToken });
    const page = (await retried(() => options.bedrock.send(command), { clock, signal })) as {
      invocationJobSummaries?: { jobName?: string; jobArn?: string }[];
      nextToken?: string;
    };
    const found = page.invocationJobSummaries?.find((one) => one.jobName === jobName(staged));
    if (found !== undefined) return found.jobArn;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return undefined;
}

/** Creates the job of a staged shard, unless it becomes too late. With the same token twice it is created once. */
async function createJob(
  plan: BatchPlan,
  staged: StagedShard,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { CreateModelInvocationJobCommand } = await import('@aws-sdk/client-bedrock');
  const { options, clock, model, recordType } = plan;
  const { bucket, roleArn, timeoutHours = DEFAULT_TIMEOUT_HOURS, pollMs = DEFAULT_POLL_MS } = options;
  const command = () =>
    new CreateModelInvocationJobCommand({
      jobName: jobName(staged),
      clientRequestToken: staged.token,
      roleArn,
      modelId: model,
      modelInvocationType: recordType,
      inputDataConfig: {
        s3InputDataConfig: { s3Uri: `s3://${bucket}/${staged.key}`, s3InputFormat: 'JSONL' },
      },
      outputDataConfig: {
        s3OutputDataConfig: { s3Uri: `s3://${bucket}/${outputFolder(options, staged.token)}` },
      },
      timeoutDurationInHours: timeoutHours,
    });
  for (;;) {
    try {
      const { jobArn } = (await retried(() => options.bedrock.send(command()), { clock, signal })) as {
        jobArn: string;
      };
      return jobArn;
    } catch (error) {
      // Others of the account have jobs on their way: there is room again when one of them has ended.
      if ((error as Error).name !== 'ServiceQuotaExceededException') throw error;
      if (isTooLate(plan)) return undefined;
      await clock.sleep(pollMs, signal);
    }
  }
}
