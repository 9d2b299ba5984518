import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { BedrockClient } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { S3Client } from '@aws-sdk/client-s3';
import {
  createManualClock,
  type LocalBedrock,
  type LocalBedrockOptions,
  type ManualClock,
  startLocalBedrock,
} from '@costkit/local';
import { afterEach } from 'vitest';
import type { BatchClock, BatchOptions, BatchQueueOptions, BatchResult } from '../src/index.js';
import { BUCKET, MODEL, ROLE } from './dying-batch.js';

export { BUCKET, inputOf, MODEL } from './dying-batch.js';

/** A local Bedrock with a bucket and clients, whose time moves only when something waits. */
export interface LocalBench {
  readonly clock: ManualClock;
  readonly bedrock: LocalBedrock;
  readonly control: BedrockClient;
  readonly s3: S3Client;
  readonly runtime: BedrockRuntimeClient;
  /** Starts it, in place of one that runs. */
  start(options?: LocalBedrockOptions): Promise<void>;
  /** For the options of a batch: waiting moves the local Bedrock's time. */
  readonly waiting: BatchClock;
  /** For a client that collects calls: somebody else moves the time. */
  readonly passive: BatchClock;
  /** Moves time while something is waited for. */
  pumped<T>(work: Promise<T>): Promise<T>;
  optionsOf(more?: Partial<BatchOptions>): BatchOptions;
  /** Of a client that collects calls. */
  queueOptionsOf(more?: Partial<BatchQueueOptions>): BatchQueueOptions;
  /** Creations of jobs that the service was asked for. */
  jobs(): LocalBedrockRequests;
}
type LocalBedrockRequests = ReturnType<LocalBedrock['requests']>;

/** Jobs read and write files between two looks at them: a clock that does not wait for that runs ahead of them. */
async function letDisksWork(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await stat(tmpdir());
}

/** One for all tests of a file; it is stopped after each. */
export function localBench(defaults: LocalBedrockOptions = {}): LocalBench {
  let clock: ManualClock;
  let bedrock: LocalBedrock | undefined;
  let clients: { control: BedrockClient; s3: S3Client; runtime: BedrockRuntimeClient };
  const stop = async (): Promise<void> => {
    if (bedrock === undefined) return;
    for (const client of Object.values(clients)) client.destroy();
    await bedrock.stop();
    bedrock = undefined;
  };
  afterEach(stop);
  const running = (): LocalBedrock => {
    if (bedrock === undefined) throw new Error('start it first');
    return bedrock;
  };
  const place = () => ({
    ...{ bedrock: bench.control, s3: bench.s3, bucket: BUCKET, roleArn: ROLE },
    // Jobs take about fifteen minutes: a look every thirty seconds would be most of what a test does.
    pollMs: 600_000,
  });
  const bench: LocalBench = {
    get clock() {
      return clock;
    },
    get bedrock() {
      return running();
    },
    get control() {
      return clients.control;
    },
    get s3() {
      return clients.s3;
    },
    get runtime() {
      return clients.runtime;
    },
    start: async (options = {}) => {
      await stop();
      clock = createManualClock(Date.parse('2026-11-16T00:00:00Z'));
      bedrock = await startLocalBedrock({ clock, buckets: [BUCKET], ...defaults, ...options });
      const { clientConfig, s3ClientConfig } = bedrock;
      clients = {
        control: new BedrockClient(clientConfig),
        s3: new S3Client(s3ClientConfig),
        runtime: new BedrockRuntimeClient(clientConfig),
      };
    },
    waiting: {
      now: () => clock.now(),
      sleep: async (ms) => {
        await clock.advance(ms);
        await letDisksWork();
      },
    },
    passive: { now: () => clock.now(), sleep: (ms, signal) => clock.sleep(ms, signal) },
    pumped: async (work) => {
      let isDone = false;
      const finished = work.finally(() => {
        isDone = true;
      });
      finished.catch(() => undefined);
      while (!isDone) {
        await new Promise((resolve) => setImmediate(resolve));
        await clock.advance(1_000);
      }
      return finished;
    },
    optionsOf: (more = {}) => ({ ...place(), model: MODEL, clock: bench.waiting, ...more }),
    queueOptionsOf: (more = {}) => ({ ...place(), clock: bench.passive, ...more }),
    jobs: () =>
      running()
        .requests()
        .filter(({ operation }) => operation === 'CreateModelInvocationJob'),
  };
  return bench;
}

export async function all(results: AsyncIterable<BatchResult>): Promise<BatchResult[]> {
  const list: BatchResult[] = [];
  for await (const result of results) list.push(result);
  return list;
}

/** All results, and what was thrown behind them. */
export async function outcome(results: AsyncIterable<BatchResult>) {
  const list: BatchResult[] = [];
  let error: unknown;
  try {
    for await (const result of results) list.push(result);
  } catch (thrown) {
    error = thrown;
  }
  const failures = list.flatMap((result) => (result.ok ? [] : [result]));
  return { list, error, failures, answered: list.length - failures.length };
}
