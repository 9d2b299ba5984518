import { randomUUID } from 'node:crypto';
import type { LocalContext } from '../contract.js';
import { createRequestTokens } from '../control/request-tokens.js';
import type { ResourceTags } from '../control/tags.js';
import type { JsonObject } from '../json.js';
import { createResourceId } from '../resource-id.js';
import type { ObjectStore } from '../s3/object-store.js';
import { BedrockFault, validation } from '../wire/bedrock-fault.js';
import type { CustomModels } from './custom-models.js';
import {
  type CustomizationJob,
  type CustomizationJobRequest,
  type CustomizationTimings,
  hasEnded,
  QUICK_CUSTOMIZATION_TIMINGS,
} from './customization-job.js';
import { type CustomizationState, createCustomizationState } from './customization-state.js';
import { canDistil } from './distillation-pairs.js';
import { jobView } from './job-view.js';
import { readCustomizationRequest } from './read-customization-request.js';
import { runCustomization } from './run-customization.js';

/** What {@link createCustomizationJobs} needs. */
export interface CustomizationJobsOptions {
  readonly context: LocalContext;
  /** Where jobs read their data and write their metrics. */
  readonly store: ObjectStore;
  readonly tags: ResourceTags;
  readonly models: CustomModels;
  /** Decides ids. */
  readonly seed: string;
  /** How long the stages last. @defaultValue {@link QUICK_CUSTOMIZATION_TIMINGS} */
  readonly timings?: Partial<CustomizationTimings>;
  /** Books tokens that were trained on; no rate of the catalogue is for them. */
  readonly bookTraining: (training: {
    readonly jobId: string;
    readonly baseModelId: string;
    readonly texts: readonly string[];
  }) => void;
}

/** Model-customization jobs of the account: distillation. */
export interface CustomizationJobs {
  /** @throws BedrockFault `ValidationException`, `ConflictException`, `ResourceNotFoundException` */
  create(body: JsonObject): JsonObject;
  /** By ARN, id or name. @throws BedrockFault `ResourceNotFoundException` */
  get(identifier: string): JsonObject;
  /** The newest first. */
  list(): readonly CustomizationJob[];
  /** @throws BedrockFault `ResourceNotFoundException`, `ConflictException` */
  stop(identifier: string): void;
  /** Leaves every job as it is, and waits until nothing runs any more. */
  close(): Promise<void>;
}

interface RunningJob {
  readonly state: CustomizationState;
  readonly stop: AbortController;
  readonly run: Promise<void>;
}

/** Prompts that a teacher answers at the same time. */
const CONCURRENCY = 8;
/** Custom models are made from variants of a base model with a context size, such as `:128k`. */
const CONTEXT_SIZE = /:\d+k$/;

/** Starts the part of the server that distils: the teacher is really asked, the student is one in name. */
export function createCustomizationJobs(options: CustomizationJobsOptions): CustomizationJobs {
  const { context, store, tags, models, seed } = options;
  const { region, accountId, clock, engine } = context;
  const jobs = new Map<string, RunningJob>();
  const tokens = createRequestTokens('job');
  const closing = new AbortController();

  const find = (identifier: string): RunningJob => {
    const found = [...jobs.values()].find(
      ({ state: { job } }) =>
        job.jobArn === identifier || job.jobId === identifier || job.request.jobName === identifier,
    );
    if (found !== undefined) return found;
    throw new BedrockFault(
      'ResourceNotFoundException',
      `Could not find the customization job ${identifier}.`,
    );
  };
  const modelIdOf = (identifier: string): string => {
    const bare = identifier.replace(CONTEXT_SIZE, '');
    const resolved = engine.resolve(bare);
    if (resolved === undefined) throw validation('The provided model identifier is invalid.');
    return resolved.model.id;
  };

  const start = (request: CustomizationJobRequest): CustomizationJob => {
    const teacherId = modelIdOf(request.teacherModelIdentifier);
    const baseModelId = modelIdOf(request.baseModelIdentifier);
    if (!canDistil(teacherId, baseModelId)) {
      throw validation(`Distillation of ${teacherId} into ${baseModelId} is not supported.`);
    }
    const jobId = createResourceId(`${seed}/customization/${jobs.size}`);
    const baseName = request.baseModelIdentifier.replace(/^.*\//, '');
    const atMs = clock.now();
    const created: CustomizationJob = {
      jobArn: `arn:aws:bedrock:${region}:${accountId}:model-customization-job/${baseName}/${jobId}`,
      jobId,
      request,
      baseModelArn: `arn:aws:bedrock:${region}::foundation-model/${baseName}`,
      status: 'InProgress',
      stages: {
        validation: { status: 'NotStarted' },
        dataProcessing: { status: 'NotStarted' },
        training: { status: 'NotStarted' },
      },
      creationTimeMs: atMs,
      lastModifiedTimeMs: atMs,
    };
    const state = createCustomizationState(created);
    const stop = new AbortController();
    const run = runCustomization({
      context,
      store,
      state,
      timings: { ...QUICK_CUSTOMIZATION_TIMINGS, ...options.timings },
      concurrency: CONCURRENCY,
      multiTurn: !baseModelId.startsWith('meta.'),
      isTeacher: (modelId) => engine.resolve(modelId)?.model.id === teacherId,
      book: (trained) => {
        const texts = trained.map(({ prompt, answer }) => `${JSON.stringify(prompt.messages)}${answer}`);
        options.bookTraining({ jobId, baseModelId, texts });
      },
      finish: (endMs) => {
        const modelArn = `arn:aws:bedrock:${region}:${accountId}:custom-model/${baseName}/${createResourceId(`${seed}/model/${jobId}`)}`;
        const { trainingDataConfig, outputDataConfig, customizationConfig } = request.repeated;
        models.add(
          {
            modelArn,
            modelName: request.customModelName,
            jobName: request.jobName,
            jobArn: created.jobArn,
            baseModelArn: created.baseModelArn,
            customizationType: 'DISTILLATION',
            trainingDataConfig,
            outputDataConfig,
            customizationConfig,
            ...(request.hyperParameters === undefined ? {} : { hyperParameters: request.hyperParameters }),
            creationTime: new Date(endMs).toISOString(),
          },
          baseModelId,
        );
        tags.open(modelArn, request.customModelTags);
        return modelArn;
      },
      stop: stop.signal,
      close: closing.signal,
    });
    jobs.set(jobId, { state, stop, run });
    tags.open(created.jobArn, request.jobTags);
    return created;
  };

  return {
    create: (body) => {
      const request = readCustomizationRequest(body, randomUUID());
      const { clientRequestToken, ...rest } = request;
      const jobId = tokens.once(clientRequestToken, rest, () => {
        const isTaken = [...jobs.values()].some(({ state }) => state.job.request.jobName === request.jobName);
        if (isTaken) throw validation(`A customization job with the name ${request.jobName} exists already.`);
        return start(request).jobId;
      });
      return { jobArn: find(jobId).state.job.jobArn };
    },
    get: (identifier) => jobView(find(identifier).state.job),
    list: () => [...jobs.values()].map(({ state }) => state.job).toReversed(),
    stop: (identifier) => {
      const { state, stop } = find(identifier);
      if (hasEnded(state.job.status)) {
        throw new BedrockFault(
          'ConflictException',
          `The job has ended with the status ${state.job.status} and cannot be stopped.`,
        );
      }
      if (state.job.status === 'Stopping') return;
      state.stopping(clock.now());
      stop.abort(new Error('The job was stopped.'));
    },
    close: async () => {
      closing.abort(new Error('The server shuts down.'));
      await Promise.all([...jobs.values()].map(({ run }) => run));
    },
  };
}
