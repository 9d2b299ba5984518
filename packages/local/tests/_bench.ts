import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BedrockClient } from '@aws-sdk/client-bedrock';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CATALOGUE, type CatalogueModel } from '@costkit/pricing/catalogue';
import type { BatchJobStateChange, BatchTrouble } from '../src/batch/batch-job.js';
import { type BatchJobs, type BatchJobsOptions, createBatchJobs } from '../src/batch/batch-jobs.js';
import { createManualClock, type ManualClock } from '../src/clock.js';
import type { InferenceEngine, LocalContext, LoggingConfiguration } from '../src/contract.js';
import { controlRoutes } from '../src/control/control-routes.js';
import { createResourceTags } from '../src/control/tags.js';
import { resolveModel } from '../src/engine/resolve-model.js';
import { openObjectStore } from '../src/s3/file-object-store.js';
import type { ObjectStore } from '../src/s3/object-store.js';
import { s3Routes } from '../src/s3/s3-routes.js';
import { serve } from './_serve.js';

const accountId = '123456789012';
const region = 'us-east-1';
export const startTime: number = Date.parse('2026-11-22T08:00:00Z');

/** Control plane, batch and S3 on one port, over an engine that answers with what it was asked. */
export interface Bench {
  readonly endpoint: string;
  readonly bedrock: BedrockClient;
  readonly s3: S3Client;
  readonly clock: ManualClock;
  readonly jobs: BatchJobs;
  readonly store: ObjectStore;
  readonly context: LocalContext;
  /** The published rows; a test may add its own. */
  readonly catalogue: Map<string, CatalogueModel>;
  readonly events: BatchJobStateChange[];
  /** What the engine was asked to run. */
  readonly runs: Parameters<InferenceEngine['run']>[0][];
  readonly logging: () => LoggingConfiguration | undefined;
  /** Set these to make things go wrong. */
  readonly trouble: { -readonly [Name in keyof BatchTrouble]: BatchTrouble[Name] } & {
    stopAfter?: number | undefined;
  };
  put(bucket: string, key: string, body: string): Promise<void>;
  text(bucket: string, key: string): Promise<string>;
  keys(bucket: string, prefix?: string): Promise<string[]>;
  stop(): Promise<void>;
}

/** Starts a bench whose stages last a minute each, and records a second. */
export const startBench = async (options: Partial<BatchJobsOptions> = {}): Promise<Bench> => {
  const folder = await mkdtemp(join(tmpdir(), 'costkit-bench-'));
  const clock = createManualClock(startTime);
  const store = await openObjectStore({ folder, clock });
  const catalogue = new Map(CATALOGUE);
  const aliases = new Map<string, string>();
  const runs: Bench['runs'] = [];
  const events: BatchJobStateChange[] = [];
  const trouble: Bench['trouble'] = {};
  let loggingConfiguration: LoggingConfiguration | undefined;
  const engine: InferenceEngine = {
    resolve: (modelId) => resolveModel(modelId, catalogue, aliases, region),
    run: async (request) => {
      runs.push(request);
      const text = JSON.stringify(request.body);
      if (text.includes('please break')) throw new Error('broken model');
      if (text.includes('please refuse')) {
        return { ok: false, status: 400, code: 'ValidationException', message: 'The model refused.' };
      }
      const body =
        request.shape === 'Converse'
          ? { output: { message: { role: 'assistant', content: [{ text }] } }, stopReason: 'end_turn' }
          : { content: [{ type: 'text', text }] };
      return { ok: true, body, inputTokens: 3, outputTokens: 2 };
    },
  };
  const context: LocalContext = {
    clock,
    region,
    accountId,
    engine,
    catalogue,
    aliases,
    customModelNames: new Map(),
    logging: {
      get: () => loggingConfiguration,
      set: (configuration) => {
        loggingConfiguration = configuration;
      },
    },
    stopBatchJobAfter: () => trouble.stopAfter,
  };
  const minute = 60_000;
  const jobs = createBatchJobs({
    context,
    store,
    timings: {
      submittedMs: minute,
      validatingMs: minute,
      scheduledMs: minute,
      recordMs: 1000,
      stoppingMs: minute,
    },
    trouble: {
      beforeRecord: (record) => trouble.beforeRecord?.(record),
      beforeStorage: (access) => trouble.beforeStorage?.(access),
    },
    onStateChange: (event) => events.push(event),
    ...options,
  });
  const server = await serve(
    s3Routes({ store, region, accountId }),
    controlRoutes({ context, jobs, store, tags: createResourceTags(), customization: [] }),
  );
  const config = {
    endpoint: server.endpoint,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  const bedrock = new BedrockClient(config);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  return {
    endpoint: server.endpoint,
    bedrock,
    s3,
    clock,
    jobs,
    store,
    context,
    catalogue,
    events,
    runs,
    trouble,
    logging: () => loggingConfiguration,
    put: async (bucket, key, body) => {
      await s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: body,
          ContentLength: Buffer.byteLength(body),
        }),
      );
    },
    text: async (bucket, key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await Body?.transformToString()) ?? '';
    },
    keys: async (bucket, prefix = '') => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
      return Contents.map(({ Key = '' }) => Key);
    },
    stop: async () => {
      bedrock.destroy();
      s3.destroy();
      await jobs.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
