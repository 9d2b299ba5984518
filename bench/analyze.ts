/**
 * What attributing invocation logs costs beside a raw scan of the same files by DuckDB, how long the replay of their calls
 * takes, and the peak of memory.
 *
 *     pnpm build && npx tsx bench/analyze.ts [--gigabytes 4 | --records 200000] [--threads 2] [--rounds 1] [--json]
 *
 * Writes logs in Bedrock's format below the temporary folder (gigabytes are counted unpacked; packed they take a quarter),
 * and takes them away. Every stage runs in a process of its own. Ends with exit code 1 where a limit is broken.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { transpile } from '../tools/check/transpile.js';
import type { AnalyzeStage } from './analyze-stage.js';
import { writeInvocationLogs } from './invocation-logs.js';

const { values } = parseArgs({
  options: {
    gigabytes: { type: 'string', default: '4' },
    records: { type: 'string' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});

const MOST_TIMES_RAW_SCAN = 2;
const MOST_MB = 2_048;
const STAGES = ['scan of counts', 'scan of records', 'analyzeLogs'] as const;

const STAGE = join(
  transpile(fileURLToPath(new URL('.', import.meta.url)), ['analyze-stage.ts']),
  'analyze-stage.js',
);

async function measure(stage: string, folder: string): Promise<AnalyzeStage> {
  const { stdout } = await promisify(execFile)(process.execPath, [STAGE, stage, folder, values.threads]);
  return JSON.parse(stdout) as AnalyzeStage;
}

/** The quickest of several runs, with the memory of the one that took most. */
async function best(stage: string, folder: string): Promise<AnalyzeStage> {
  const runs: AnalyzeStage[] = [];
  for (let round = 0; round < Number(values.rounds); round += 1) runs.push(await measure(stage, folder));
  const [quickest] = runs.sort((one, other) => one.attributionMs - other.attributionMs);
  return { ...(quickest as AnalyzeStage), peakMb: Math.max(...runs.map(({ peakMb }) => peakMb)) };
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
const folder = await mkdtemp(join(tmpdir(), 'costkit-bench-'));
try {
  const amount =
    values.records === undefined
      ? { bytes: Number(values.gigabytes) * 1e9 }
      : { records: Number(values.records) };
  const logs = await writeInvocationLogs(folder, amount);
  const [counts, records, own] = [
    await best(STAGES[0], folder),
    await best(STAGES[1], folder),
    await best(STAGES[2], folder),
  ];
  if (own.calls !== logs.records || records.calls !== logs.records)
    throw new Error(`${own.calls} calls were read, ${records.calls} scanned, ${logs.records} written`);
  const figures = {
    logs,
    threads: Number(values.threads),
    scanOfCounts: counts,
    scanOfRecords: records,
    analyzeLogs: own,
    timesScanOfCounts: own.attributionMs / counts.attributionMs,
    timesScanOfRecords: own.attributionMs / records.attributionMs,
    replaySecondsPer100kRequests: own.replayMs / 1_000 / (logs.records / 100_000),
  };
  const { timesScanOfCounts, timesScanOfRecords, replaySecondsPer100kRequests } = figures;
  process.stdout.write(
    values.json
      ? `${JSON.stringify(figures, null, 2)}\n`
      : `${logs.records} records, ${(logs.bytes / 1e9).toFixed(2)} GB unpacked, ${(logs.packedBytes / 1e9).toFixed(2)} GB packed, ${values.threads} threads
  scan of counts   ${seconds(counts.attributionMs).padStart(8)}  ${counts.peakMb.toFixed(0).padStart(5)} MB
  scan of records  ${seconds(records.attributionMs).padStart(8)}  ${records.peakMb.toFixed(0).padStart(5)} MB
  attribution      ${seconds(own.attributionMs).padStart(8)}  × ${timesScanOfRecords.toFixed(2)} of at most × ${MOST_TIMES_RAW_SCAN} (× ${timesScanOfCounts.toFixed(2)} the scan of counts)
  replay           ${seconds(own.replayMs).padStart(8)}  ${replaySecondsPer100kRequests.toFixed(2)} s for 100,000 requests
  both                       ${own.peakMb.toFixed(0).padStart(5)} MB of at most ${MOST_MB} MB\n`,
  );
  const broken = [
    ...(timesScanOfRecords > MOST_TIMES_RAW_SCAN
      ? [
          `attribution takes × ${timesScanOfRecords.toFixed(2)} a raw scan, at most × ${MOST_TIMES_RAW_SCAN} is allowed`,
        ]
      : []),
    ...(own.peakMb > MOST_MB
      ? [`an analysis needs ${own.peakMb.toFixed(0)} MB, at most ${MOST_MB} MB are allowed`]
      : []),
  ];
  for (const line of broken) process.stderr.write(`${line}\n`);
  process.exitCode = broken.length > 0 ? 1 : 0;
} finally {
  await rm(folder, { recursive: true });
}
