import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BedrockClient } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { S3Client } from '@aws-sdk/client-s3';
import { bulkInvoker, fileJournal } from '@costkit/batch';
import { libsqlStore, type SyncReport, syncEmbeddings } from '@costkit/embeddings';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { IS_BUILT } from '../../../tools/vitest/is-built.js';
import { BULK } from './bulk-corpus.js';

const CHILD = fileURLToPath(new URL('bulk-syncing-process.ts', import.meta.url));

/** Runs the process to its end, or to where it dies; the signal it ended by. */
const run = (...args: string[]): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [
        '--import',
        import.meta.resolve('tsx'),
        ...(IS_BUILT ? [] : ['--conditions=@costkit/source']),
        CHILD,
        ...args,
      ],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
      },
    );
    child.on('close', (_, signal) => resolve(signal));
  });

/** What came of a sync that was killed, and the one after it. */
export interface KilledBulk {
  /** How each process ended. */
  readonly signals: readonly (NodeJS.Signals | null)[];
  /** Of the last sync, which nobody kills. */
  readonly report: SyncReport;
  readonly bedrock: LocalBedrock;
  readonly jobs: number;
}

/** Kills a sync that embeds by batch jobs at these steps or commands, one process after the other, and then lets one end. */
export async function killBulk(diesAt: readonly string[], check: (seen: KilledBulk) => void): Promise<void> {
  const bedrock = await startLocalBedrock({
    buckets: [BULK.bucket],
    tokenizer: { count: (text) => Math.ceil(text.length / 4) },
  });
  const folder = mkdtempSync(join(tmpdir(), 'costkit-killed-bulk-'));
  const [store, journal] = [join(folder, 'vectors.db'), join(folder, 'jobs.journal')];
  const [control, s3] = [new BedrockClient(bedrock.clientConfig), new S3Client(bedrock.s3ClientConfig)];
  const client = new BedrockRuntimeClient(bedrock.clientConfig);
  const sink = libsqlStore({ file: store });
  try {
    const signals: (NodeJS.Signals | null)[] = [];
    for (const step of diesAt) signals.push(await run(bedrock.endpoint, store, journal, step));
    const clock = {
      now: () => Date.now(),
      sleep: (ms: number) => new Promise<void>((go) => setTimeout(go, Math.min(ms, 20))),
    };
    const { bucket, roleArn, model, source } = BULK;
    const bulk = bulkInvoker({
      bedrock: control,
      s3,
      bucket,
      roleArn,
      journal: fileJournal(journal),
      pollMs: 5,
      clock,
    });
    const report = await syncEmbeddings({ client, model, source, sink, bulk, lockTtlMs: 200 });
    const jobs = bedrock
      .requests()
      .filter(({ operation }) => operation === 'CreateModelInvocationJob').length;
    check({ signals, report, bedrock, jobs });
  } finally {
    sink.close();
    for (const one of [control, s3, client]) one.destroy();
    await bedrock.stop();
    rmSync(folder, { recursive: true });
  }
}
