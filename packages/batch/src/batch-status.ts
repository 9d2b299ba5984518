import { systemWaitingClock } from '@costkit/core/waiting-clock';
import type { BatchSetting } from './batch.js';
import { hasEnded } from './job.js';
import { openLog } from './plan-batch.js';
import { retried } from './retry-look.js';
import { type JobState, stopJob } from './wait-for-job.js';

/** How far a job of a batch is. */
export interface BatchJobStatus {
  /** 0: of the source's records; 1 and more: of those that failed in the round before. */
  readonly round: number;
  /** `job`, or `single` where its records are sent one by one. */
  readonly via: 'job' | 'single';
  readonly records: number;
  /** `undefined` before the service has accepted it. */
  readonly jobArn: string | undefined;
  /** The service's; before that `Staged`. */
  readonly status: string;
  readonly processedRecords: number;
  readonly failedRecords: number;
}

/** How far a batch is. */
export interface BatchStatus {
  /** `empty`: the journal knows nothing of it; `staging`: not all records are in the bucket; `over`: a run came to its end. */
  readonly state: 'empty' | 'staging' | 'running' | 'over';
  /** Records of the source; `undefined` while they are not all staged. */
  readonly records: number | undefined;
  readonly jobs: readonly BatchJobStatus[];
}

const forever = new AbortController().signal;

/** Asks the journal and the service. */
export async function batchStatus(setting: BatchSetting): Promise<BatchStatus> {
  const log = await openLog(setting);
  const jobs: BatchJobStatus[] = [];
  for (let round = 0; round < log.rounds; round += 1) {
    for (const { staged, jobArn, status } of log.round(round).shards) {
      const state = jobArn === undefined ? undefined : await look(setting, jobArn);
      jobs.push({
        round,
        via: staged.via,
        records: staged.records,
        jobArn,
        status: state?.status ?? status ?? 'Staged',
        processedRecords: state?.processedRecordCount ?? 0,
        failedRecords: state?.errorRecordCount ?? 0,
      });
    }
  }
  const { sourced } = log.round(0);
  const running = log.finishedRound === undefined ? 'running' : 'over';
  const begun = sourced === undefined ? 'staging' : running;
  return { state: log.isOld ? begun : 'empty', records: sourced?.records, jobs };
}

async function look({ options }: BatchSetting, jobArn: string): Promise<JobState> {
  const { GetModelInvocationJobCommand } = await import('@aws-sdk/client-bedrock');
  const { bedrock, clock = systemWaitingClock, signal = forever } = options;
  return retried(() => bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier: jobArn })), {
    clock,
    signal,
  });
}

/** Stops the jobs that run. */
export async function stopBatch(setting: BatchSetting): Promise<readonly string[]> {
  const { options } = setting;
  const { clock = systemWaitingClock, signal = forever } = options;
  const stopped: string[] = [];
  for (const { jobArn, status } of (await batchStatus(setting)).jobs) {
    if (jobArn === undefined || hasEnded(status)) continue;
    await stopJob({ options, clock }, jobArn, signal);
    stopped.push(jobArn);
  }
  return stopped;
}
