import { randomUUID } from 'node:crypto';
import type { LocalContext } from '../contract.js';
import { createRequestTokens } from '../control/request-tokens.js';
import { draw } from '../draw.js';
import type { JsonObject } from '../json.js';
import { createResourceId } from '../resource-id.js';
import type { ObjectStore } from '../s3/object-store.js';
import { BedrockFault, validation } from '../wire/bedrock-fault.js';
import {
  type BatchJob,
  type BatchJobRequest,
  type BatchJobStateChange,
  type BatchTimings,
  type BatchTrouble,
  hasEnded,
} from './batch-job.js';
import type { BatchLimits } from './batch-limits.js';
import { checkBatchOptions } from './check-batch-options.js';
import { readJobRequest } from './job-request.js';
import { createJobState, type JobState } from './job-state.js';
import { stateChange } from './job-view.js';
import { runJob } from './run-job.js';

/** Options of {@link createBatchJobs}. */
export interface BatchJobsOptions {
  readonly context: LocalContext;
  /** Where jobs read their input and write their output. */
  readonly store: ObjectStore;
  /** How long the stages of a job last. @defaultValue {@link QUICK_BATCH_TIMINGS} */
  readonly timings?: Partial<BatchTimings>;
  /** Quotas. @defaultValue {@link DEFAULT_BATCH_LIMITS} */
  readonly limits?: Partial<BatchLimits>;
  /** What goes wrong. @defaultValue nothing */
  readonly trouble?: BatchTrouble;
  /** Told of every change of status, the first included. What it throws is ignored. */
  readonly onStateChange?: (event: BatchJobStateChange) => void;
  /** Decides job ids and the order of results. @defaultValue `"costkit"` */
  readonly seed?: string;
  /** Records of one job that run at the same time. @defaultValue 8 */
  readonly concurrency?: number;
}

/** Model-invocation jobs of the account. */
export interface BatchJobs {
  /**
   * CreateModelInvocationJob. The same token with the same request gives the job that it gave before.
   * @throws BedrockFault `ValidationException`, `ConflictException`, `ServiceQuotaExceededException`
   */
  create(body: JsonObject): BatchJob;
  /** By ARN or id. @throws BedrockFault `ResourceNotFoundException` */
  get(jobIdentifier: string): BatchJob;
  /** In the order in which they were submitted. */
  list(): readonly BatchJob[];
  /** @throws BedrockFault `ResourceNotFoundException`, `ConflictException` */
  stop(jobIdentifier: string): void;
  /** Resolves when the job has ended; the clock must reach that time. @throws BedrockFault `ResourceNotFoundException` */
  ended(jobIdentifier: string): Promise<BatchJob>;
  /** Leaves every job as it is, and waits until nothing runs any more. */
  close(): Promise<void>;
}

interface RunningJob {
  readonly state: JobState;
  readonly modelId: string;
  readonly stop: AbortController;
  readonly run: Promise<void>;
}

const HOUR_MS = 3_600_000;

/**
 * Starts the part of the server that runs batch inference: real jobs that read JSONL from the store, run each
 * record through the engine at batch price and write their results back. Jobs are kept in memory: they end with
 * the server.
 *
 * @throws LocalBedrockError `COSTKIT_INVALID_OPTION`
 *
 * @example
 * ```ts
 * const jobs = createBatchJobs({ context, store });
 * const { jobArn } = jobs.create(requestBody);
 * const { status } = await jobs.ended(jobArn);
 * ```
 */
export const createBatchJobs = (options: BatchJobsOptions): BatchJobs => {
  const { context, store, seed = 'costkit' } = options;
  const { timings, limits, concurrency } = checkBatchOptions(options);
  const jobs = new Map<string, RunningJob>();
  const tokens = createRequestTokens('job');
  const closing = new AbortController();

  const find = (jobIdentifier: string): RunningJob => {
    const jobId = jobIdentifier.slice(jobIdentifier.lastIndexOf('/') + 1);
    const found = jobs.get(jobId);
    if (found === undefined || (jobIdentifier !== jobId && found.state.job.jobArn !== jobIdentifier)) {
      throw new BedrockFault(
        'ResourceNotFoundException',
        `Could not find the model invocation job ${jobIdentifier}.`,
      );
    }
    return found;
  };

  const start = (request: BatchJobRequest): BatchJob => {
    const resolved = context.engine.resolve(request.modelId);
    if (resolved === undefined) throw validation('The provided model identifier is invalid.');
    const { model } = resolved;
    // Observed with the real service, word for word.
    if (!model.capabilities.batch)
      throw validation('Batch inference is not supported for the requested model.');
    const active = [...jobs.values()].filter(
      (job) => job.modelId === model.id && !hasEnded(job.state.job.status),
    );
    if (active.length >= limits.maxJobsPerModel) {
      throw new BedrockFault(
        'ServiceQuotaExceededException',
        `You have reached the quota of ${limits.maxJobsPerModel} submitted and in-progress batch inference jobs for this model. Wait until one has ended.`,
      );
    }
    const jobId = createResourceId(`${seed}/${jobs.size}`);
    const submitTimeMs = context.clock.now();
    const submitted: BatchJob = {
      jobArn: `arn:aws:bedrock:${context.region}:${context.accountId}:model-invocation-job/${jobId}`,
      jobId,
      request,
      status: 'Submitted',
      submitTimeMs,
      lastModifiedTimeMs: submitTimeMs,
      expirationTimeMs: submitTimeMs + request.timeoutDurationInHours * HOUR_MS,
      totalRecordCount: 0,
      processedRecordCount: 0,
      successRecordCount: 0,
      errorRecordCount: 0,
    };
    const state = createJobState(submitted, notify);
    const stop = new AbortController();
    let drawn = 0;
    const run = runJob({
      context,
      store,
      state,
      model,
      timings,
      limits,
      trouble: options.trouble,
      concurrency,
      random: () => draw(seed, jobId, String(drawn++)),
      stop: stop.signal,
      close: closing.signal,
    });
    jobs.set(jobId, { state, modelId: model.id, stop, run });
    notify(submitted, submitTimeMs);
    return submitted;
  };

  const notify = (job: BatchJob, atMs: number): void => {
    const { region, accountId } = context;
    try {
      options.onStateChange?.(stateChange(job, { id: randomUUID(), atMs, region, accountId }));
    } catch {
      // A listener cannot fail a job.
    }
  };

  return {
    create: (body) => {
      const request = readJobRequest(body, randomUUID());
      const { clientRequestToken, ...rest } = request;
      const jobId = tokens.once(clientRequestToken, rest, () => start(request).jobId);
      return find(jobId).state.job;
    },
    get: (jobIdentifier) => find(jobIdentifier).state.job,
    list: () => [...jobs.values()].map(({ state }) => state.job),
    stop: (jobIdentifier) => {
      const { state, stop } = find(jobIdentifier);
      if (hasEnded(state.job.status)) {
        throw new BedrockFault(
          'ConflictException',
          `The job has ended with the status ${state.job.status} and cannot be stopped.`,
        );
      }
      if (state.job.status === 'Stopping') return;
      state.enter('Stopping', context.clock.now());
      stop.abort(new Error('The job was stopped.'));
    },
    ended: (jobIdentifier) => find(jobIdentifier).state.ended,
    close: async () => {
      closing.abort(new Error('The server shuts down.'));
      await Promise.all([...jobs.values()].map(({ run }) => run));
    },
  };
};
