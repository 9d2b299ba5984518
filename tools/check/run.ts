import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SKIP_LIST_VARIABLE, skippedServers } from '../vitest/servers.js';
import { killAll } from './command.js';
import { LONG_STEPS } from './long-steps.js';
import { type FinishedStep, runSteps, withNeeds } from './schedule.js';
import { STEPS } from './steps.js';

const HELP = `pnpm test [--only step,step] [--list]        every check and test
pnpm test:long [--minutes n] [--only …]      what takes longer; no step starts after n minutes
`;

const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    minutes: { type: 'string' },
    only: { type: 'string' },
  },
});
process.exitCode = await main();

async function main(): Promise<number> {
  const all = options.long ? LONG_STEPS : STEPS;
  if (options.help) return print(HELP, 0);
  if (options.list) return print(all.map(({ name, about }) => `${name.padEnd(12)}${about}\n`).join(''), 0);
  const only = options.only?.split(',');
  const unknown = only?.find((name) => !all.some((step) => step.name === name));
  if (unknown !== undefined) return print(`no step is called ${unknown}; --list names them\n`, 2);
  const minutes = options.minutes === undefined ? undefined : Number(options.minutes);
  if (Number.isNaN(minutes)) return print('--minutes takes a number\n', 2);

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      killAll();
      process.exit(130);
    });
  }
  const notes = mkdtempSync(join(tmpdir(), 'costkit-check-'));
  const skipList = join(notes, 'skipped-servers');
  process.env[SKIP_LIST_VARIABLE] = skipList;
  const startedMs = performance.now();
  const finished = await runSteps(only === undefined ? all : withNeeds(all, only), {
    // The long steps use every core by themselves.
    concurrency: options.long ? 1 : Math.max(2, availableParallelism()),
    ...(minutes === undefined ? {} : { deadline: new Date(Date.now() + minutes * 60_000) }),
    onFinish: report,
  });
  const missing = skippedServers(skipList);
  rmSync(notes, { recursive: true, force: true });
  return close(finished, missing, (performance.now() - startedMs) / 1000);
}

function report({ step, seconds, result, skippedBecause }: FinishedStep): void {
  const mark = skippedBecause !== undefined ? 'skip' : result.failed > 0 ? 'FAIL' : 'ok';
  const counts = result.passed + result.failed > 1 ? ` ${result.passed} passed, ${result.failed} failed` : '';
  const detail =
    skippedBecause === undefined ? `${seconds.toFixed(1).padStart(6)} s${counts}` : skippedBecause;
  process.stdout.write(`${mark.padEnd(5)}${step.name.padEnd(12)}${detail}\n`);
  if (result.failed > 0) process.stdout.write(`${result.output.trim().replaceAll(/^/gm, '     ')}\n`);
}

function close(finished: readonly FinishedStep[], missing: readonly string[], seconds: number): number {
  const sum = (count: 'passed' | 'failed' | 'skipped'): number =>
    finished.reduce((total, { result }) => total + result[count], 0);
  const failed = sum('failed');
  if (missing.length > 0) {
    process.stdout.write(
      `\nSkipped, because something is not installed:\n${missing.map((line) => `  ${line}\n`).join('')}`,
    );
  }
  process.stdout.write(
    `\n${seconds.toFixed(0)} s\n${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped\n`,
  );
  return failed === 0 ? 0 : 1;
}

function print(text: string, exitCode: number): number {
  process.stdout.write(text);
  return exitCode;
}
