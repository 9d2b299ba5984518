import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BedrockClient, paginateListModelInvocationJobs } from '@aws-sdk/client-bedrock';
import { ListMultipartUploadsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { type BatchInterruption, type BillLine, startLocalBedrock, type TroubleRule } from '@costkit/local';
import { expect } from 'vitest';
import { transpile } from '../../../tools/check/transpile.js';
import { IS_BUILT } from '../../../tools/vitest/is-built.js';
import type { JournalEntry } from '../src/index.js';
import {
  BUCKET,
  type Doom,
  DYING_QUOTAS,
  DYING_RECORDS,
  DYING_REQUESTS,
  openJournal,
  TABLE,
} from './dying-batch.js';
import { type LocalDynamoDb, startDynamoDb } from './local-dynamodb.js';

const CHILD = fileURLToPath(new URL('dying-process.ts', import.meta.url));

/** What starts the process. */
function childArguments(): readonly string[] {
  if (!IS_BUILT) {
    const loader = ['--import', import.meta.resolve('tsx'), '--conditions=@costkit/source'];
    return [...loader, CHILD];
  }
  return [join(transpile(dirname(CHILD), ['dying-process.ts', 'dying-batch.ts']), 'dying-process.js')];
}

/** Requests sent one by one at the same time: as many may be lost at a kill. */
const CONCURRENCY = 8;

const SCRIPT = childArguments();

/** A number from 0 up to 1, the same for the same words. */
function draw(...words: readonly (string | number)[]): number {
  return createHash('sha256').update(words.join('/')).digest().readUInt32BE() / 2 ** 32;
}

/** Now and then a job fails, expires, or does not come to its end; more often a record fails in passing. */
function interruption(seed: string, jobName: string, index: number): BatchInterruption | undefined {
  const chance = draw(seed, jobName, index);
  if (chance < 0.005) return { kind: 'fail', message: 'An internal error.' };
  if (chance < 0.01) return { kind: 'expire' };
  if (chance < 0.015) return { kind: 'partiallyComplete' };
  if (chance > 0.95) return { kind: 'recordError', errorCode: 500, errorMessage: 'internal' };
  return undefined;
}

/** One call in so many meets trouble. */
function rule(seed: string, operation: string, action: TroubleRule['action'], share: number): TroubleRule {
  const calls = Array.from({ length: 20_000 }, (_, index) => index + 1).filter(
    (call) => draw(seed, operation, call) < share,
  );
  return { operation, calls, action };
}

const TROUBLE = (seed: string): TroubleRule[] => [
  rule(seed, 'CreateModelInvocationJob', { type: 'throttle' }, 0.2),
  rule(seed, 'GetModelInvocationJob', { type: 'throttle' }, 0.1),
  rule(seed, 'ListModelInvocationJobs', { type: 'error', code: 'InternalServerException' }, 0.2),
  rule(seed, 'Converse', { type: 'throttle' }, 0.1),
  rule(seed, 'PutObject', { type: 'error', code: 'InternalError' }, 0.03),
  rule(seed, 'GetObject', { type: 'throttle' }, 0.03),
  rule(seed, 'ListObjectsV2', { type: 'error', code: 'InternalError' }, 0.03),
];

/** How a process ended. */
interface Death {
  readonly signal: string | null;
  readonly code: number | null;
  readonly said: string;
}

/** Runs the process, to its end or to the step at which it dies. */
function run(doom: Doom): Promise<Death> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...SCRIPT, JSON.stringify(doom)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        // What it leaves there when it dies goes with its journals.
        TMPDIR: doom.folder,
      },
    });
    let said = '';
    child.stdout.on('data', (piece: Buffer) => {
      said += piece.toString();
    });
    child.on('close', (code, signal) => resolve({ code, signal, said }));
  });
}

/** What a killer saw. */
export interface Killing {
  readonly kills: number;
  /** How many of them each journal has survived. */
  readonly killsOf: Readonly<Record<Doom['journal'], number>>;
  readonly batches: number;
  /** Attempts that were in flight at a kill, and paid for nothing. */
  readonly lostAttempts: number;
}

/** Journals take turns. */
const JOURNALS = ['file', 's3', 'dynamodb'] as const;

/**
 * Kills processes that run batches, at random steps, amid throttling, failures of S3 and of jobs, and lets each batch
 * survive in the end. Asserts for each that nothing was lost, answered twice or paid twice.
 */
export async function killBatches(seed: string, kills: number, killsPerBatch: number): Promise<Killing> {
  const bedrock = await startLocalBedrock({
    buckets: [BUCKET],
    trouble: TROUBLE(seed),
    batch: {
      limits: { minRecordsPerJob: DYING_QUOTAS.minRecords },
      trouble: {
        beforeRecord: ({ job, index }) => interruption(seed, job.request.jobName, index),
      },
    },
  });
  let dynamoDb: LocalDynamoDb | undefined;
  const folder = await mkdtemp(join(tmpdir(), 'costkit-kill-'));
  const s3 = new S3Client({ ...bedrock.s3ClientConfig, maxAttempts: 6 });
  const control = new BedrockClient({ ...bedrock.clientConfig, maxAttempts: 6 });
  const killsOf = { file: 0, s3: 0, dynamodb: 0 };
  let [killed, batches, lostAttempts] = [0, 0, 0];
  try {
    for (; killed < kills; batches += 1) {
      const name = `batch${batches}`;
      const journal = JOURNALS[batches % JOURNALS.length] as Doom['journal'];
      const { endpoint } = bedrock;
      if (journal === 'dynamodb') dynamoDb ??= await startDynamoDb(TABLE);
      const doom = { endpoint, dynamoDbEndpoint: dynamoDb?.endpoint ?? '', journal, folder, name };
      const before = bedrock.bill().lines.length;
      for (let life = 0; life < killsPerBatch && killed < kills; life += 1) {
        const diesAt = 1 + Math.floor(draw(seed, name, life) * 90);
        const death = await run({ ...doom, diesAt });
        if (death.signal !== 'SIGKILL') break;
        killed += 1;
        killsOf[journal] += 1;
      }
      const { code, said } = await run({ ...doom, diesAt: 0 });
      expect([name, code]).toEqual([name, 0]);
      const entries = await openJournal(doom, { s3, dynamoDb: () => dynamoDb!.client }).entries();
      const bill = bedrock.bill().lines.slice(before);
      lostAttempts += await checkBatch({ name, said, entries, s3, bill });
      await checkJobs(entries, control, name);
    }
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
    expect(Uploads).toEqual([]);
    return { kills: killed, killsOf, batches, lostAttempts };
  } finally {
    s3.destroy();
    control.destroy();
    await bedrock.stop();
    await dynamoDb?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Checked {
  readonly name: string;
  readonly said: string;
  readonly entries: readonly JournalEntry[];
  readonly s3: S3Client;
  /** Of this batch alone. */
  readonly bill: readonly BillLine[];
}

/** Every record once, and the bill is theirs and that of attempts in flight at a kill. @returns how many of those. */
async function checkBatch({ name, said, entries, s3, bill }: Checked): Promise<number> {
  const results = said
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  expect(results.filter(([, mode]) => mode === 'failed')).toEqual([]);
  expect(results.map(([recordId]) => recordId).sort()).toEqual(
    Array.from({ length: DYING_RECORDS }, (_, index) => `${name}-${index}`).sort(),
  );
  const inFlight = await inFlightAtKills(entries, s3, name);
  // Who shares an answer pays nothing.
  expect(results.filter(([, mode]) => mode === 'shared')).toHaveLength(DYING_RECORDS - DYING_REQUESTS);
  // The bill is the accepted answers, each at its own price, and besides them only single calls.
  const unexplained = [...bill];
  for (const [recordId = '', mode, picoUsd] of results) {
    if (mode === 'shared') continue;
    const at = unexplained.findIndex(
      (line) => String(line.picoUsd) === picoUsd && line.mode.batch === (mode === 'batch'),
    );
    expect([recordId, at === -1]).toEqual([recordId, false]);
    unexplained.splice(at, 1);
  }
  expect(unexplained.filter(({ mode }) => mode.batch)).toEqual([]);
  expect(unexplained.length).toBeLessThanOrEqual(inFlight);
  return unexplained.length;
}

/** Attempts that the journal says were about to be made, whose answers nobody kept. */
async function inFlightAtKills(
  entries: readonly JournalEntry[],
  s3: S3Client,
  name: string,
): Promise<number> {
  let attempts = 0;
  for (const entry of entries) {
    if (entry.step !== 'sending') continue;
    expect(entry.records).toBeLessThanOrEqual(CONCURRENCY);
    const Prefix = `${name}/output/${entry.token}/${String(entry.wave).padStart(8, '0')}.jsonl.out`;
    const { KeyCount = 0 } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix }));
    if (KeyCount === 0) attempts += entry.records;
  }
  return attempts;
}

/** No token has two jobs, and there is none that the journal does not know. */
async function checkJobs(
  entries: readonly JournalEntry[],
  control: BedrockClient,
  name: string,
): Promise<void> {
  const created = entries.flatMap((entry) => (entry.step === 'created' ? [entry] : []));
  expect(new Set(created.map(({ token }) => token)).size).toBe(created.length);
  const jobs: string[] = [];
  for await (const { invocationJobSummaries = [] } of paginateListModelInvocationJobs(
    { client: control },
    {},
  )) {
    for (const { jobArn = '', inputDataConfig } of invocationJobSummaries) {
      const uri = inputDataConfig?.s3InputDataConfig?.s3Uri ?? '';
      if (uri.startsWith(`s3://${BUCKET}/${name}/`)) jobs.push(jobArn);
    }
  }
  expect(jobs.sort()).toEqual(created.map(({ jobArn }) => jobArn).sort());
}
