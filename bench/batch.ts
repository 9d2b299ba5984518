/**
 * What a batch of a million records costs the machine: each stage beside its limit, in the same run.
 *
 *     pnpm build && npx tsx bench/batch.ts [--records 1000000] [--rounds 1] [--json]
 *
 * Every stage runs in a process of its own. Jobs are answered by a stand-in that writes files; staging is measured against
 * the local S3. Ends with exit code 1 where a limit is broken.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { startLocalBedrock } from '@costkit/local';
import { transpile } from '../tools/check/transpile.js';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});

/** What one process measured of itself. */
interface Measured {
  readonly tookMs: number;
  readonly cpuMs: number;
  readonly peakMb: number;
}

const LIMIT_MB = 200;
const COMPARISONS = [
  {
    name: 'writer',
    limit: 1.5,
    baseline: 'JSON.stringify and a file stream',
    own: 'createBatch, up to its first job',
  },
  { name: 'staging', limit: 1.2, baseline: 'raw lib-storage', own: 'lines of a shard' },
  { name: 'join', limit: 1.5, baseline: 'line reader and JSON.parse', own: 'results of createBatch' },
] as const;

/** What is measured runs as an application does: compiled, without a loader, on what is published. */
const STAGE = join(
  transpile(fileURLToPath(new URL('.', import.meta.url)), ['batch-stage.ts', 'file-service.ts']),
  'batch-stage.js',
);

async function measure(stage: string, folder: string, endpoint: string): Promise<Measured> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [STAGE, stage, folder, values.records, endpoint],
    { env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' } },
  );
  return JSON.parse(stdout) as Measured;
}

const best = (runs: readonly Measured[]): Measured => ({
  tookMs: Math.min(...runs.map(({ tookMs }) => tookMs)),
  cpuMs: Math.min(...runs.map(({ cpuMs }) => cpuMs)),
  peakMb: Math.max(...runs.map(({ peakMb }) => peakMb)),
});

const folder = await mkdtemp(join(tmpdir(), 'costkit-bench-'));
const local = await startLocalBedrock({ buckets: ['files'] });
const broken: string[] = [];
const results: object[] = [];
try {
  for (const { name, limit, baseline, own } of COMPARISONS) {
    const [baselines, owns]: [Measured[], Measured[]] = [[], []];
    for (let round = 0; round < Number(values.rounds); round += 1) {
      // A batch that was staged is not staged again.
      if (name === 'writer') {
        for (const left of ['journal', 'costkit-batch']) {
          await rm(join(folder, left), { recursive: true, force: true });
        }
      }
      baselines.push(await measure(baseline, folder, local.endpoint));
      owns.push(await measure(own, folder, local.endpoint));
    }
    const [plain, ours] = [best(baselines), best(owns)];
    const ratio = ours.tookMs / plain.tookMs;
    results.push({ name, limit, ratio, baseline: plain, own: ours });
    if (ratio > limit) broken.push(`${name} takes × ${ratio.toFixed(2)}, at most × ${limit} is allowed`);
    // The stage of staging holds the lines that it stages again and again.
    if (name !== 'staging' && ours.peakMb > LIMIT_MB) {
      broken.push(`${name} needs ${ours.peakMb.toFixed(0)} MB, at most ${LIMIT_MB} MB are allowed`);
    }
    if (!values.json) process.stdout.write(rows(name, ratio, limit, [baseline, plain], [own, ours]));
  }
} finally {
  await local.stop();
  await rm(folder, { recursive: true });
}
if (values.json)
  process.stdout.write(`${JSON.stringify({ records: Number(values.records), results }, null, 2)}\n`);
for (const line of broken) process.stderr.write(`${line}\n`);
process.exitCode = broken.length > 0 ? 1 : 0;

function rows(
  name: string,
  ratio: number,
  limit: number,
  ...measured: readonly (readonly [string, Measured])[]
): string {
  const lines = measured.map(
    ([what, { tookMs, cpuMs, peakMb }]) =>
      `  ${what.padEnd(34)} ${(tookMs / 1_000).toFixed(1).padStart(7)} s` +
      ` ${(cpuMs / 1_000).toFixed(1).padStart(7)} s of processor ${peakMb.toFixed(0).padStart(5)} MB`,
  );
  return `${name}: × ${ratio.toFixed(2)} of at most × ${limit}\n${lines.join('\n')}\n\n`;
}
